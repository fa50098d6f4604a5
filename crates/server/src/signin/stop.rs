//! `GET /account-suspended`, `GET /unknown-session` — where a sign-in cannot go on — and `GET /`.

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    app::App,
    builtin::DEMO_APP,
    extract::tenant::CurrentTenant,
    page::{message::Message, show},
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/account-suspended", get(async || show(Message::Suspended)))
        .route("/unknown-session", get(unknown_session))
}

/// Nobody comes here on the way of a sign-in: to the demo application, or to what the tenant set for lost browsers.
async fn home(CurrentTenant(tenant): CurrentTenant) -> Response {
    if tenant.experience.unknown_session_redirect_url.is_none()
        && tenant.applications.contains_key(DEMO_APP)
    {
        return Redirect::to("/demo-app").into_response();
    }
    unknown_session(CurrentTenant(tenant)).await
}

/// Says that the sign-in is unknown, or sends the browser where the tenant wants such browsers.
async fn unknown_session(CurrentTenant(tenant): CurrentTenant) -> Response {
    match &tenant.experience.unknown_session_redirect_url {
        Some(address) => Redirect::to(address).into_response(),
        None => show(Message::UnknownSession),
    }
}
