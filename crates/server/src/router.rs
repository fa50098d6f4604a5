//! Every path the server answers; each file below names its own.

use std::{any::Any, panic::AssertUnwindSafe};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use tower::ServiceBuilder;

use crate::{
    again, api,
    app::App,
    arriving,
    asset::folder,
    demo,
    error::{Failure, PageError},
    me, oidc,
    page::{asset, draw::Asked},
    signin, status,
};

/// The largest body of a form or JSON request (`contract/logto-core.md` §3.1).
const BODY_LIMIT: usize = 56 * 1024;

/// The whole server as one service.
///
/// What surrounds all routes surrounds the router, not each route: a layer of a route is cloned with all the layers below it for every request.
pub fn router(app: App) -> Router {
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), front))
        .layer(from_fn(again::again))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    let surrounded = around.service(routes(app.clone()));
    oidc::document::router(&app, surrounded.clone()).fallback_service(surrounded)
}

fn routes(app: App) -> Router {
    Router::new()
        .merge(oidc::router(&app))
        .merge(signin::router())
        .merge(demo::router())
        .merge(asset::router())
        .merge(folder::router())
        .merge(status::router())
        .merge(api::router(&app))
        .merge(me::router(&app))
        .fallback(async || PageError::NotFound)
        .with_state(app)
}

/// Notes how the request arrived, answers whatever happens, and draws the page if the answer is one.
async fn front(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let arrival = arriving::mark(&app, &mut request);
    let asked = Asked::of(&request);
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    arrival
        .answer(async {
            let response = answering.await.unwrap_or_else(panicked);
            asked.drawn(&app, response)
        })
        .await
}

/// A handler panicked: that is our fault, and the others go on.
fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let said = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    PageError::from(Failure::internal(format!("a handler panicked: {said}"))).into_response()
}
