//! The authorization response on its way to the application.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::authorize::respond::Answer;

use crate::page::{form_post::FormPostPage, show};

/// Sends the browser to the application with the answer.
pub(super) fn send(answer: Answer) -> Response {
    match answer {
        Answer::Redirect(address) => see_other(&address),
        Answer::Form { action, fields } => show(FormPostPage {
            action,
            fields,
            leads_on: false,
        }),
    }
}

/// 303 to `address`, never from a cache.
pub(super) fn see_other(address: &str) -> Response {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::from_str(address) {
        Ok(location) => (
            StatusCode::SEE_OTHER,
            [no_store, (header::LOCATION, location)],
        )
            .into_response(),
        // Addresses are ASCII without control characters: registration and encoding see to that.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
