//! What service providers and the browsers of their people ask, without a token (`contract/logto-api.md` §5.6).
//!
//! A request ([`authn`]) becomes an ordinary authorization of the application, which ends at our own [`callback`]: there its code is
//! redeemed without a token being issued, and the answer goes to the service provider as a form.

mod authn;
mod browser;
mod callback;
mod metadata;
mod party;
mod reader;

use axum::extract::DefaultBodyLimit;

pub(crate) use self::party::callback_address;
use crate::api::routes::{Routes, routes};

/// The largest form with a request: more than the longest request takes.
const BODY_LIMIT: usize = 256 * 1024;

/// Its routes; nobody needs a token for them.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(metadata::metadata))
        .routes(routes!(callback::callback))
        .routes(routes!(authn::by_redirect, authn::by_post))
        .through(|routes| routes.layer(DefaultBodyLimit::max(BODY_LIMIT)))
}
