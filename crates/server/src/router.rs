//! Every path the server answers; each file below names its own.

use std::any::Any;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    again, api,
    app::App,
    arriving,
    asset::folder,
    demo,
    error::PageError,
    me, oidc,
    page::{asset, draw},
    signin, status,
};

/// The largest body of a form or JSON request (`contract/logto-core.md` §3.1).
const BODY_LIMIT: usize = 56 * 1024;

/// The whole server as one service.
pub fn router(app: App) -> Router {
    Router::new()
        .nest("/oidc", oidc::router())
        .merge(oidc::discovery::root_alias())
        .merge(signin::router())
        .merge(demo::router())
        .merge(asset::router())
        .merge(folder::router())
        .merge(status::router())
        .merge(api::router(&app))
        .merge(me::router(&app))
        .fallback(async || PageError::NotFound)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(again::again))
        .layer(from_fn_with_state(app.clone(), draw::draw))
        .layer(from_fn_with_state(app.clone(), arriving::mark))
        .with_state(app)
}

/// A handler panicked: that is our fault, and the others go on.
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let said = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    PageError::Internal(format!("a handler panicked: {said}").into()).into_response()
}
