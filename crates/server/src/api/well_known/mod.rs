//! `/.well-known`: what pages and applications may know before anybody signs in (`contract/logto-api.md` §5.7).

mod account_center;
mod endpoint;
mod experience;
mod phrases;
mod public;
mod webauthn;

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};

pub use self::{public::social_connectors, webauthn::router as root};
use crate::{
    api::routes::{Routes, routes},
    error::NoSuchTenant,
};

/// Its routes below `/api`; nobody needs a token for them.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(experience::sign_in_exp))
        .routes(routes!(experience::experience))
        .routes(routes!(phrases::phrases))
        .routes(routes!(account_center::find))
        .routes(routes!(endpoint::endpoint))
        .through(|routes| routes.layer(from_fn(revalidated)))
}

/// Settings work at once: who keeps an answer asks with its `ETag` whether it still holds.
async fn revalidated(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// What an address at which no tenant answers says.
fn nobody(_: NoSuchTenant) -> Response {
    (StatusCode::NOT_FOUND, "Not Found").into_response()
}
