//! A script for sign-ins as callers see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    api::config::setting,
    error::ApiError,
    script::action::{OnExecutionError, POST_FIRST_FACTOR, POST_SIGN_IN},
};

/// A script for sign-ins, and what belongs to it. Other members are refused.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Action)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ActionView {
    /// JavaScript that declares `runAction`.
    script: String,
    /// What the script finds as `environmentVariables`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    environment_variables: Option<BTreeMap<String, String>>,
    /// An event to try the script with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    context_sample: Option<Map<String, Value>>,
    /// Whether it runs: yes unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// What becomes of the sign-in when the script fails: `block` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    on_execution_error: Option<OnExecutionError>,
}

/// What may change of a script for sign-ins. Other members are refused.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ActionChange {
    /// JavaScript that declares `runAction`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    script: Option<String>,
    /// What the script finds as `environmentVariables`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    environment_variables: Option<BTreeMap<String, String>>,
    /// An event to try the script with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    context_sample: Option<Map<String, Value>>,
    /// Whether it runs: yes unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// What becomes of the sign-in when the script fails: `block` unless set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    on_execution_error: Option<OnExecutionError>,
}

/// A setting with its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NamedAction)]
pub(super) struct NamedAction {
    pub(super) key: ActionType,
    #[schema(value_type = ActionView)]
    pub(super) value: Value,
}

/// When a script runs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(super) enum ActionType {
    /// After the first factor was tried.
    #[serde(rename = "action.postFirstFactorVerification")]
    PostFirstFactorVerification,
    /// When somebody has signed in.
    #[serde(rename = "action.postSignIn")]
    PostSignIn,
}

impl ActionType {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::PostFirstFactorVerification, Self::PostSignIn];

    /// The type that a path names.
    pub(super) fn parse(given: &str) -> Result<Self, ApiError> {
        let found = Self::ALL.into_iter().find(|known| known.key() == given);
        found.ok_or_else(|| setting::unknown(given, &Self::ALL.map(Self::key)))
    }

    /// The name of its setting.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::PostFirstFactorVerification => POST_FIRST_FACTOR,
            Self::PostSignIn => POST_SIGN_IN,
        }
    }
}
