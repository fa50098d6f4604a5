//! A refusal to a person.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::error::OAuthError;

use super::{
    ApiError, NoSuchTenant,
    failure::{Failure, Told},
    status::api_status,
};
use crate::{
    hash::Busy,
    operation::Refused,
    page::{message::Message, show},
};

/// A refusal to a person. What the page says is chosen here; [`crate::page`] draws it in the person's language.
#[derive(Debug)]
pub enum PageError {
    /// The sign-in is unknown: too old, or begun in another browser.
    UnknownSession,
    /// The application asked for something that cannot be answered, and there is no proven address to send that to.
    BadRequest(OAuthError),
    /// What a program would be told with a code.
    Refused(Refused),
    /// The form was not sent from our page, or its page is too old.
    Forged,
    /// There is no such page.
    NotFound,
    /// We failed.
    Failed(Failure),
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> Self {
        // The account was deleted in the middle of its sign-in.
        if matches!(error, store::StoreError::Dangling) {
            return Self::UnknownSession;
        }
        Self::Failed(error.into())
    }
}

impl From<OAuthError> for PageError {
    fn from(error: OAuthError) -> Self {
        Self::BadRequest(error)
    }
}

/// What the API says to a program, for the person whose browser got it.
impl From<ApiError> for PageError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Refused(refused) => Self::Refused(refused),
            ApiError::Input { details, .. } | ApiError::Syntax(details) => {
                OAuthError::invalid_request(details).into()
            }
            ApiError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Busy> for PageError {
    fn from(busy: Busy) -> Self {
        Failure::from(busy).into()
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
            Self::Refused(refused) => show(message(refused)),
            Self::Forged => show(Message::Forged),
            Self::NotFound => show(Message::NotFound),
            Self::Failed(failure) => failure.answer(|told| match told {
                Told::Busy => show(Message::Busy),
                Told::Broken(id) => show(Message::Failed(id)),
            }),
        }
    }
}

/// The page for a refusal that has a code.
fn message(refused: Refused) -> Message {
    match refused.code {
        "oidc.access_denied" => Message::NotAdmitted,
        "application.saml.state_mismatch"
        | "oidc.invalid_grant"
        | "application.saml.sp_initiated_saml_sso_session_not_found"
        | "application.saml.sp_initiated_saml_sso_session_not_found_in_cookies" => {
            Message::UnknownSession
        }
        code if api_status(code) == StatusCode::NOT_FOUND => Message::NotFound,
        code => Message::BadRequest(format!("{code}: {refused}")),
    }
}
