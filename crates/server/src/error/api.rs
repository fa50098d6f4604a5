//! A refusal to a caller of the API.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::error::OAuthError;
use serde_json::json;

use super::{
    OidcError,
    failure::{Failure, Told},
    status::api_status,
};
use crate::{
    hash::Busy,
    operation::{OperationError, Refused},
};

/// A refusal to a caller of the API: `{code, message, data?, details?}` (`contract/logto-api.md` §1.7).
#[derive(Debug)]
pub enum ApiError {
    /// The request was refused.
    Refused(Refused),
    /// The request does not have the form that the route asks for.
    Input {
        /// `body`, `query`, `path` or `file`.
        part: &'static str,
        /// Where and what.
        details: String,
    },
    /// The body is no JSON.
    Syntax(String),
    /// We failed.
    Failed(Failure),
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<OperationError> for ApiError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Refused(refused) => Self::Refused(refused),
            OperationError::Store(error) => Self::Failed(error.into()),
            OperationError::Key(error) => Self::Failed(Failure::internal(error)),
        }
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        OperationError::from(error).into()
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Busy> for ApiError {
    fn from(busy: Busy) -> Self {
        Failure::from(busy).into()
    }
}

impl From<protocol::saml::Refused> for ApiError {
    fn from(refused: protocol::saml::Refused) -> Self {
        Refused::from(refused).into()
    }
}

impl From<OAuthError> for ApiError {
    fn from(error: OAuthError) -> Self {
        Refused::from(error).into()
    }
}

/// At an endpoint that browsers are sent to, what a client is told in other places.
impl From<OidcError> for ApiError {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Refused { error, .. } | OidcError::Forbidden(error) => error.into(),
            OidcError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Refused(refused) => {
                let status = refused
                    .status
                    .and_then(|status| StatusCode::from_u16(status).ok())
                    .unwrap_or_else(|| api_status(refused.code));
                let mut body = json!({ "code": refused.code, "message": refused.message });
                if let (Some(data), Some(members)) = (refused.data, body.as_object_mut()) {
                    members.insert("data".to_owned(), data);
                }
                (status, body)
            }
            Self::Input { part, details } => {
                let message = format!("The request's {part} is invalid.");
                let body = json!({ "code": "guard.invalid_input", "message": message, "details": details });
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Syntax(details) => {
                let body = json!({ "message": "The body is no JSON.", "details": details });
                (StatusCode::BAD_REQUEST, body)
            }
            Self::Failed(failure) => return failure.answer(failed),
        };
        (status, Json(body)).into_response()
    }
}

fn failed(told: Told) -> Response {
    let (status, body) = match told {
        Told::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "code": "request.general", "message": "Too many requests are waiting, try again shortly." }),
        ),
        Told::Broken(id) => {
            let message = format!("The server failed; its log has the cause under request {id}.");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            (status, json!({ "message": message }))
        }
    };
    (status, Json(body)).into_response()
}
