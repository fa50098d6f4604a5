//! What can go wrong between us and an outside service.

use thiserror::Error;

use crate::{http::CallFailed, secret::NotKept};

/// Why a connector did not do its work. [`ConnectorError::code`] is Logto's.
#[derive(Debug, Error)]
pub enum ConnectorError {
    /// The connector's configuration is wrong.
    #[error("the connector's configuration is wrong: {0}")]
    InvalidConfig(String),
    /// The person declined, or the provider refused.
    #[error("the provider refused: {0}")]
    AuthorizationFailed(String),
    /// The provider did not give an access token for the code.
    #[error("the provider gave no token: {0}")]
    InvalidAccessToken(String),
    /// The provider's ID token is not good.
    #[error("the provider's ID token is not good: {0}")]
    InvalidIdToken(String),
    /// The provider answered something else than was agreed.
    #[error("the provider's answer cannot be used: {0}")]
    InvalidResponse(String),
    /// The provider could not be reached.
    #[error("the provider could not be reached")]
    Unreachable(#[from] CallFailed),
    /// What a provider says of itself cannot be used.
    #[error("the provider's metadata cannot be used: {0}")]
    InvalidMetadata(String),
    /// The provider's certificate cannot be used.
    #[error("the provider's certificate cannot be used: {0}")]
    InvalidCertificate(&'static str),
    /// The connector has no message for this occasion.
    #[error("there is no template for {0}")]
    TemplateNotFound(&'static str),
    /// The message was not taken; the provider says why.
    #[error("the message was not sent: {0}")]
    NotSent(String),
    /// This release cannot do it.
    #[error("{0}")]
    NotImplemented(&'static str),
}

impl From<NotKept> for ConnectorError {
    fn from(why: NotKept) -> Self {
        Self::InvalidConfig(why.to_string())
    }
}

impl ConnectorError {
    /// The code of Logto's API (`contract/logto-core.md` §0).
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidConfig(_) => "connector.invalid_config",
            Self::AuthorizationFailed(_) => "connector.authorization_failed",
            Self::InvalidAccessToken(_) => "connector.social_invalid_access_token",
            Self::InvalidIdToken(_) => "connector.social_invalid_id_token",
            Self::InvalidResponse(_) => "connector.invalid_response",
            Self::Unreachable(_) | Self::NotSent(_) => "connector.general",
            Self::InvalidMetadata(_) => "connector.invalid_metadata",
            Self::InvalidCertificate(_) => "connector.invalid_certificate",
            Self::TemplateNotFound(_) => "connector.template_not_found",
            Self::NotImplemented(_) => "connector.not_implemented",
        }
    }
}
