//! A tenant's script that adds claims to access tokens (`contract/logto-core.md` §10.1).

use std::{fmt, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Job, ScriptError, Scripts};

/// The function that the script declares.
const FUNCTION: &str = "getCustomJwtClaims";

/// Which tokens a script is for, as the setting is called.
pub const ACCESS_TOKEN: &str = "jwt.accessToken";
/// The same for tokens that applications get for themselves.
pub const CLIENT_CREDENTIALS: &str = "jwt.clientCredentials";

/// The scripts of a tenant.
#[derive(Clone, Debug, Default)]
pub struct Customizers {
    /// For access tokens of people.
    pub access_token: Option<Arc<Customizer>>,
    /// For access tokens of applications.
    pub client_credentials: Option<Arc<Customizer>>,
}

impl Customizers {
    /// Reads the settings; `find` knows them by name.
    pub fn read<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Self {
        let read = |name| Customizer::read(find(name)?).map(Arc::new);
        Self {
            access_token: read(ACCESS_TOKEN),
            client_credentials: read(CLIENT_CREDENTIALS),
        }
    }
}

/// One script with its settings.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customizer {
    /// The script's text.
    pub script: String,
    /// What it finds as `environmentVariables`: they may be secret.
    #[serde(default)]
    pub environment_variables: Map<String, Value>,
    /// Whether no token is issued when the script fails.
    #[serde(default)]
    pub block_issuance_on_error: bool,
}

impl Customizer {
    /// Reads a stored setting; `None` for one that is none.
    pub fn read(setting: &Value) -> Option<Self> {
        Self::deserialize(setting).ok()
    }

    /// Runs the script for a token.
    ///
    /// # Errors
    /// What kept it from returning an object.
    pub async fn claims(
        &self,
        scripts: &Scripts,
        token: Value,
        context: Value,
    ) -> Result<Map<String, Value>, ScriptError> {
        let job = Job {
            source: self.script.clone(),
            function: FUNCTION.to_owned(),
            argument: json!({
                "token": token,
                "context": context,
                "environmentVariables": self.environment_variables,
            }),
            can_deny: true,
        };
        let kind = match scripts.run(job).await? {
            Some(Value::Object(claims)) => return Ok(claims),
            None => "undefined",
            Some(Value::Null) => "null",
            Some(Value::Array(_)) => "an array",
            Some(Value::String(_)) => "a string",
            Some(Value::Number(_)) => "a number",
            Some(Value::Bool(_)) => "a boolean",
        };
        Err(ScriptError::NotAnObject(kind.to_owned()))
    }
}

impl fmt::Debug for Customizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Customizer")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Customizer, Customizers};

    #[test]
    fn settings_are_read_with_their_defaults() {
        let full = json!({
            "script": "x", "environmentVariables": { "KEY": "swordfish" }, "contextSample": {}, "tokenSample": {},
            "blockIssuanceOnError": true,
        });
        let read = Customizer::read(&full).unwrap();
        assert!(read.block_issuance_on_error);
        assert_eq!(read.environment_variables["KEY"], "swordfish");
        assert!(!format!("{read:?}").contains("swordfish"));
        let least = Customizer::read(&json!({ "script": "x" })).unwrap();
        assert!(!least.block_issuance_on_error && least.environment_variables.is_empty());
        assert_eq!(Customizer::read(&json!({})), None);
    }

    #[test]
    fn each_kind_of_token_has_its_own_script() {
        let setting = json!({ "script": "x" });
        let read = Customizers::read(|name| (name == "jwt.accessToken").then_some(&setting));
        assert!(read.access_token.is_some() && read.client_credentials.is_none());
    }
}
