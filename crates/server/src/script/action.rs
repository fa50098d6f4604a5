//! A tenant's scripts that have a word in sign-ins (`contract/logto-core.md` §10.2).

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Job, Outcome, Scripts};

/// The function that the script declares.
const FUNCTION: &str = "runAction";

/// The setting of the script that runs after the first factor was tried: it may bring people along from elsewhere.
pub const POST_FIRST_FACTOR: &str = "action.postFirstFactorVerification";
/// The setting of the script that runs when somebody has signed in.
pub const POST_SIGN_IN: &str = "action.postSignIn";

/// The scripts of a tenant that run.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// After the first factor was tried.
    pub post_first_factor: Option<Arc<Action>>,
    /// When somebody has signed in.
    pub post_sign_in: Option<Arc<Action>>,
}

impl Actions {
    /// Reads the settings; `find` knows them by name.
    pub fn read<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Self {
        let read = |name| {
            let action = Action::read(find(name)?)?;
            action.enabled.then(|| Arc::new(action))
        };
        Self {
            post_first_factor: read(POST_FIRST_FACTOR),
            post_sign_in: read(POST_SIGN_IN),
        }
    }
}

/// One script with its settings.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// The script's text.
    pub script: String,
    /// What it finds as `environmentVariables`: they may be secret.
    #[serde(default)]
    pub environment_variables: Map<String, Value>,
    /// Whether it runs.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What becomes of the sign-in when it fails.
    #[serde(default)]
    pub on_execution_error: OnExecutionError,
}

/// What becomes of a sign-in whose script fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnExecutionError {
    /// It is refused.
    #[default]
    Block,
    /// It goes on as if there were no script.
    Allow,
}

impl Action {
    /// Reads a stored setting; `None` for one that is none.
    pub fn read(setting: &Value) -> Option<Self> {
        Self::deserialize(setting).ok()
    }

    /// Runs the script for an event.
    pub async fn run(&self, scripts: &Scripts, event: Value) -> Outcome {
        let job = Job {
            source: self.script.clone(),
            function: FUNCTION.to_owned(),
            argument: json!({
                "event": event,
                "environmentVariables": self.environment_variables,
            }),
            can_deny: false,
        };
        scripts.run(job).await
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Action")
    }
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Action, Actions, OnExecutionError};

    #[test]
    fn settings_are_read_with_their_defaults() {
        let least = Action::read(&json!({ "script": "x" })).unwrap();
        assert!(least.enabled);
        assert_eq!(least.on_execution_error, OnExecutionError::Block);
        let full = json!({ "script": "x", "enabled": false, "onExecutionError": "allow", "contextSample": {} });
        let full = Action::read(&full).unwrap();
        assert!(!full.enabled);
        assert_eq!(full.on_execution_error, OnExecutionError::Allow);
        assert_eq!(Action::read(&json!({ "enabled": true })), None);
    }

    #[test]
    fn what_is_not_enabled_does_not_run() {
        let (on, off) = (
            json!({ "script": "x" }),
            json!({ "script": "x", "enabled": false }),
        );
        let read = Actions::read(|name| match name {
            "action.postSignIn" => Some(&on),
            _ => Some(&off),
        });
        assert!(read.post_sign_in.is_some() && read.post_first_factor.is_none());
    }
}
