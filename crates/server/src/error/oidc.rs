//! A refusal to an OpenID Connect client.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::error::{ErrorCode, OAuthError};
use serde_json::{Value, json};

use super::{
    NoSuchTenant,
    failure::{Failure, Told},
};

/// A refusal to an OpenID Connect client (RFC 6749 §5.2, with Logto's `code` and `message` beside it).
#[derive(Debug)]
pub enum OidcError {
    /// The request was refused.
    Refused {
        /// Why.
        error: OAuthError,
        /// `WWW-Authenticate`, for 401 and 403.
        challenge: Option<String>,
    },
    /// The same with 403: a token endpoint's word about organizations (`contract/logto-core.md` §3.12).
    Forbidden(OAuthError),
    /// We failed.
    Failed(Failure),
}

impl OidcError {
    /// 401 that asks for HTTP Basic, as a client that used the Authorization header must be told (RFC 6749 §5.2).
    pub fn unauthenticated_client(error: OAuthError, issuer: &str) -> Self {
        Self::Refused {
            error,
            challenge: Some(format!("Basic realm=\"{issuer}\"")),
        }
    }

    /// A refusal at a protected resource, with the challenge of RFC 6750 §3.
    pub fn bearer(error: OAuthError, issuer: &str) -> Self {
        let challenge = format!(
            "Bearer realm=\"{issuer}\", error=\"{}\", error_description=\"{}\"",
            error.code.as_str(),
            error.description
        );
        Self::Refused {
            error,
            challenge: Some(challenge),
        }
    }
}

impl From<OAuthError> for OidcError {
    fn from(error: OAuthError) -> Self {
        Self::Refused {
            error,
            challenge: None,
        }
    }
}

impl From<store::StoreError> for OidcError {
    fn from(error: store::StoreError) -> Self {
        // The account was deleted while it was asked for.
        if matches!(error, store::StoreError::Dangling) {
            return OAuthError::invalid_grant("the account or the grant has just ended").into();
        }
        Self::Failed(error.into())
    }
}

impl From<Failure> for OidcError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<NoSuchTenant> for OidcError {
    fn from(_: NoSuchTenant) -> Self {
        OAuthError::invalid_request("no tenant answers at this address").into()
    }
}

impl IntoResponse for OidcError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused { error, challenge } => {
                let mut response = response(oauth_status(error.code), &error);
                let challenge = challenge.and_then(|text| HeaderValue::try_from(text).ok());
                let headers = response.headers_mut();
                challenge.map(|challenge| headers.insert(header::WWW_AUTHENTICATE, challenge));
                response
            }
            Self::Forbidden(error) => response(StatusCode::FORBIDDEN, &error),
            Self::Failed(failure) => failure.answer(|told| {
                let error = match told {
                    Told::Busy => OAuthError::new(
                        ErrorCode::TemporarilyUnavailable,
                        "too many requests are waiting, try again shortly",
                    ),
                    Told::Broken(id) => OAuthError::new(
                        ErrorCode::ServerError,
                        format!("the server failed; its log has the cause under request {id}"),
                    ),
                };
                response(oauth_status(error.code), &error)
            }),
        }
    }
}

fn response(status: StatusCode, error: &OAuthError) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status, headers, Json(oauth_body(error))).into_response()
}

/// The JSON of an OAuth error: the standard members, and `code` and `message` for Logto's SDKs.
pub fn oauth_body(error: &OAuthError) -> Value {
    json!({
        "error": error.code.as_str(),
        "error_description": error.description,
        "code": format!("oidc.{}", error.code.as_str()),
        "message": error.description,
    })
}

/// The status of an OAuth error as `contract/logto-core.md` §3.12 lists them.
const fn oauth_status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}
