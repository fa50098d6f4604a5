//! `POST /oidc/request` — RFC 9126.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    middleware::from_fn,
    response::IntoResponse,
    routing::post,
};
use protocol::{authorize::check::Untrusted, par};
use serde_json::json;
use store::pushed_request::PushedRequest;

use super::{authorize::server, cors};
use crate::{app::App, error::OidcError, extract::client::ClientRequest};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/request", post(push))
        .layer(from_fn(cors::by_client))
}

/// Takes an authorization request from the client itself and gives it a name for the browser to bring.
///
/// It is checked as the authorization endpoint would, so that the client hears of errors at once.
async fn push(
    State(app): State<App>,
    request: ClientRequest,
) -> Result<impl IntoResponse, OidcError> {
    let ClientRequest {
        tenant,
        application,
        parameters,
    } = request;
    let now = app.now();
    let pushed = par::accept(parameters, &application.client.id)?;
    let scopes_of = |indicator: &str| tenant.scopes_for(&application, indicator);
    Untrusted::new(&pushed.parameters)
        .trust(&application.client)?
        .check(&server(&tenant, &scopes_of), now)
        .map_err(|refused| refused.error)?;

    let reference = app.random_secret();
    let row = PushedRequest {
        client_id: pushed.client_id,
        parameters: serde_json::to_string(&pushed.parameters).unwrap_or_default(),
        expires_at: now.plus(par::LIFE),
    };
    let mut tx = app.db().begin().await?;
    store::pushed_request::insert(&mut tx, &tenant.id, &reference.hash(), &row).await?;
    tx.commit().await?;
    let body = json!({ "request_uri": par::request_uri(&reference), "expires_in": par::LIFE });
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(body),
    ))
}
