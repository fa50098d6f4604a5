//! What commands and the API do alike: checked, written and announced to running servers in the caller's transaction.

pub mod application;
pub mod captcha_provider;
pub mod connector;
pub mod experience;
pub mod key;
pub mod one_time_token;
pub mod organization;
pub mod preset;
pub mod profile_field;
pub mod resource;
pub mod role;
pub mod saml_application;
pub mod setting;
pub mod sso_connector;
pub mod user;

use protocol::error::{ErrorCode, OAuthError};
use serde_json::Value;
use store::{Conflict, StoreError};
use thiserror::Error;

/// Why an operation was not done.
#[derive(Debug, Error)]
pub enum OperationError {
    /// What was asked for cannot be.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] crate::key::NotGenerated),
}

/// A refusal: the code for programs, as Logto's API has it, and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refused {
    /// Such as `user.username_already_in_use` (`contract/logto-api.md` §1.9).
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// What the code is about, for programs.
    pub data: Option<Value>,
    /// The HTTP status, where it is not the one that the code has everywhere else.
    pub status: Option<u16>,
}

impl Refused {
    /// A refusal with this code and sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
            status: None,
        }
    }

    /// The same with something for programs.
    #[must_use]
    pub fn with(self, data: Value) -> Self {
        Self {
            data: Some(data),
            ..self
        }
    }

    /// The same with another HTTP status than the code has elsewhere.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// There is no such thing; most kinds of things say it so (`contract/logto-api.md` §1.7).
    pub fn not_exists(what: &str, id: &str) -> Self {
        Self::new(
            "entity.not_exists_with_id",
            format!("there is no {what} {id:?}"),
        )
    }

    /// There is no such thing; users, organization roles, invitations and what is deleted say it so.
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new("entity.not_found", format!("there is no {what} {id:?}"))
    }

    /// There is no such thing to change.
    pub fn nothing_to_change(what: &str, id: &str) -> Self {
        Self::new("entity.not_exists", format!("there is no {what} {id:?}"))
    }
}

impl From<protocol::saml::Refused> for Refused {
    fn from(refused: protocol::saml::Refused) -> Self {
        Self::new(refused.code, refused.message)
    }
}

impl From<protocol::saml::Refused> for OperationError {
    fn from(refused: protocol::saml::Refused) -> Self {
        Self::Refused(refused.into())
    }
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        let code = match error.code {
            ErrorCode::AccessDenied => "oidc.access_denied",
            ErrorCode::InvalidGrant => "oidc.invalid_grant",
            ErrorCode::LoginRequired => "oidc.login_required",
            ErrorCode::InvalidScope => "oidc.invalid_scope",
            ErrorCode::InvalidTarget => "oidc.invalid_target",
            ErrorCode::ServerError => "oidc.server_error",
            _ => "oidc.invalid_request",
        };
        // The browser is told what is wrong with its request: that is 400 whatever the code is elsewhere.
        Self::new(code, error.description).status(400)
    }
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(conflict) => Self::Refused(taken(conflict)),
            StoreError::Dangling => Self::Refused(Refused::new(
                "entity.relation_foreign_key_not_found",
                "something that it belongs to does not exist, such as the tenant",
            )),
            error => Self::Store(error),
        }
    }
}

/// What is said when a unique value is taken.
pub fn taken(conflict: Conflict) -> Refused {
    let (code, message) = match conflict {
        Conflict::Username => ("user.username_already_in_use", "the user name is taken"),
        Conflict::Email => ("user.email_already_in_use", "the e-mail address is taken"),
        Conflict::Phone => ("user.phone_already_in_use", "the phone number is taken"),
        Conflict::Identity => (
            "user.identity_already_in_use",
            "the social identity belongs to another user",
        ),
        Conflict::SecretName => (
            "application.secret_name_exists",
            "the name of the secret is taken",
        ),
        Conflict::PersonalAccessTokenName => (
            "user.personal_access_token_name_exists",
            "the name of the personal access token is taken",
        ),
        Conflict::Indicator => (
            "resource.resource_identifier_in_use",
            "the API indicator is taken",
        ),
        Conflict::ScopeName => ("scope.name_exists", "the name of the permission is taken"),
        Conflict::RoleName => ("role.name_in_use", "the name of the role is taken"),
        Conflict::ProfileFieldName => (
            "custom_profile_fields.name_exists",
            "the name of the profile field is taken",
        ),
        Conflict::SsoConnectorName => (
            "single_sign_on.duplicate_connector_name",
            "the name of the provider is taken",
        ),
        Conflict::Id => ("entity.unique_integrity_violation", "the id is taken"),
    };
    Refused::new(code, message)
}
