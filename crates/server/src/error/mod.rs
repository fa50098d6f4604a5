//! The three faces of a refusal: to an OpenID Connect client, to a caller of the API, to a person. The only places where an error becomes a response.

mod api;
mod failure;
mod oidc;
mod page;
mod status;

use axum::response::{IntoResponse, Response};

pub use self::{
    api::ApiError,
    failure::{Cause, Failure, log},
    oidc::{OidcError, oauth_body},
    page::PageError,
};

/// The request was sent to an address at which no tenant answers.
#[derive(Clone, Copy, Debug)]
pub struct NoSuchTenant;

impl IntoResponse for NoSuchTenant {
    fn into_response(self) -> Response {
        PageError::from(self).into_response()
    }
}
