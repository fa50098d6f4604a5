//! The three faces of a refusal: to an OpenID Connect client, to a caller of the API, to a person. The only places where an error becomes a response.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::error::{ErrorCode, OAuthError};
use serde_json::{Value, json};

use crate::{
    arriving::request_id,
    hash::Busy,
    page::{message::Message, show},
};

/// Anything that went wrong on our side: logged once, never shown.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

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
    /// Too much work is waiting; the client may try again after so many seconds.
    Busy(u32),
    /// We failed.
    Internal(Cause),
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
        Self::Internal(Box::new(error))
    }
}

impl From<NoSuchTenant> for OidcError {
    fn from(_: NoSuchTenant) -> Self {
        OAuthError::invalid_request("no tenant answers at this address").into()
    }
}

impl IntoResponse for OidcError {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let (status, error) = match self {
            Self::Refused { error, challenge } => {
                let challenge =
                    challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok());
                challenge.map(|challenge| headers.insert(header::WWW_AUTHENTICATE, challenge));
                (oauth_status(error.code), error)
            }
            Self::Busy(seconds) => {
                headers.insert(header::RETRY_AFTER, seconds.into());
                let error = OAuthError::new(
                    ErrorCode::TemporarilyUnavailable,
                    "too many requests are waiting, try again shortly",
                );
                (StatusCode::SERVICE_UNAVAILABLE, error)
            }
            Self::Internal(cause) => {
                let id = log(cause.as_ref());
                let error = OAuthError::new(
                    ErrorCode::ServerError,
                    format!("the server failed; its log has the cause under request {id}"),
                );
                (StatusCode::INTERNAL_SERVER_ERROR, error)
            }
        };
        let body = oauth_body(&error);
        (status, headers, Json(body)).into_response()
    }
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
pub const fn oauth_status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
        ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
        ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// A refusal to a caller of the API: `{code, message, data?}` (`contract/logto-core.md` §0).
#[derive(Debug)]
pub enum ApiError {
    /// The request was refused.
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// A stable code such as `entity.not_found`.
        code: &'static str,
        /// A sentence for the developer.
        message: String,
        /// What the code is about.
        data: Option<Value>,
    },
    /// We failed.
    Internal(Cause),
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Refused {
                status,
                code,
                message,
                data,
            } => {
                let mut body = json!({ "code": code, "message": message });
                if let (Some(data), Some(members)) = (data, body.as_object_mut()) {
                    members.insert("data".to_owned(), data);
                }
                (status, Json(body)).into_response()
            }
            Self::Internal(cause) => {
                let id = log(cause.as_ref());
                let message =
                    format!("The server failed; its log has the cause under request {id}.");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    Json(json!({ "message": message })),
                )
                    .into_response()
            }
        }
    }
}

/// A refusal to a person. What the page says is chosen here; [`crate::page`] draws it in the person's language.
#[derive(Debug)]
pub enum PageError {
    /// The sign-in is unknown: too old, or begun in another browser.
    UnknownSession,
    /// The application asked for something that cannot be answered, and there is no proven address to send that to.
    BadRequest(OAuthError),
    /// The form was not sent from our page, or its page is too old.
    Forged,
    /// There is no such page.
    NotFound,
    /// Too many passwords are being checked; come back after so many seconds.
    Busy(u32),
    /// We failed.
    Internal(Cause),
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<OAuthError> for PageError {
    fn from(error: OAuthError) -> Self {
        Self::BadRequest(error)
    }
}

impl From<Busy> for PageError {
    fn from(_: Busy) -> Self {
        Self::Busy(crate::hash::RETRY_AFTER)
    }
}

impl From<NoSuchTenant> for PageError {
    fn from(_: NoSuchTenant) -> Self {
        Self::NotFound
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            Self::UnknownSession => show(Message::UnknownSession),
            Self::BadRequest(error) => show(Message::BadRequest(error.to_string())),
            Self::Forged => show(Message::Forged),
            Self::NotFound => show(Message::NotFound),
            Self::Busy(seconds) => {
                let mut response = show(Message::Busy);
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, seconds.into());
                response
            }
            Self::Internal(cause) => show(Message::Failed(log(cause.as_ref()))),
        }
    }
}

/// The request was sent to an address at which no tenant answers.
#[derive(Clone, Copy, Debug)]
pub struct NoSuchTenant;

impl IntoResponse for NoSuchTenant {
    fn into_response(self) -> Response {
        PageError::from(self).into_response()
    }
}

/// Writes the cause and its sources to the log and gives the id it stands under.
pub fn log(cause: &(dyn std::error::Error + 'static)) -> String {
    let id = request_id();
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    tracing::error!(request = %id, "{text}");
    id
}
