//! Who reads what is refused: a person, whose browser was sent here, or a program.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use std::convert::Infallible;

use crate::{
    app::App,
    error::{ApiError, PageError},
};

/// Somebody who gets a page, or what every route of the API answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    wants_page: bool,
}

impl Reader {
    /// The answer in the reader's form.
    pub(super) fn told(self, answered: Result<Response, ApiError>) -> Response {
        match answered {
            Ok(response) => response,
            Err(error) if self.wants_page => PageError::from(error).into_response(),
            Err(error) => error.into_response(),
        }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Infallible;

    /// Browsers name HTML when they go somewhere.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let accept = parts.headers.get(header::ACCEPT);
        let wants_page = accept
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"));
        Ok(Self { wants_page })
    }
}
