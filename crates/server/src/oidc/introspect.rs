//! `POST /oidc/token/introspection` — RFC 7662.

use axum::{
    Json, Router,
    extract::State,
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::post,
};
use protocol::{
    secret::Secret,
    token::{access_token, introspect},
};
use serde_json::Value;

use super::{access, cors, subject};
use crate::{app::App, error::OidcError, extract::client::ClientRequest};

/// The route.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/token/introspection", post(show))
        .layer(from_fn(cors::by_client))
}

/// Tells a client whether a token is good, and what for.
async fn show(State(app): State<App>, request: ClientRequest) -> Result<Response, OidcError> {
    let token = Secret::new(request.require("token")?);
    let answer = if access::is_jwt(&token) {
        signed(&app, &request, &token).await?
    } else {
        stored(&app, &request, &token).await?
    };
    let answer = answer.unwrap_or_else(introspect::inactive);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// A JWT access token: good while its grant lives, if it has one.
async fn signed(
    app: &App,
    request: &ClientRequest,
    token: &Secret,
) -> Result<Option<Value>, OidcError> {
    let ClientRequest { tenant, .. } = request;
    let now = app.now();
    let Some(claims) = access::signed_claims(tenant, token, now) else {
        return Ok(None);
    };
    if let Some(grant_id) = access_token::grant_id(&claims)
        && subject::find(&mut app.db(), &tenant.id, grant_id, now)
            .await?
            .is_none()
    {
        return Ok(None);
    }
    Ok(Some(introspect::jwt(request.client(), claims)))
}

/// An opaque access token or a refresh token. `token_type_hint` could only save a look-up (§2.1).
async fn stored(
    app: &App,
    request: &ClientRequest,
    token: &Secret,
) -> Result<Option<Value>, OidcError> {
    let ClientRequest { tenant, .. } = request;
    let (issuer, caller, now) = (&tenant.issuer, request.client(), app.now());
    let hash = token.hash();
    let mut db = app.db();
    if let Some((issued, grant)) = store::access_token::find(db, &tenant.id, &hash).await? {
        let subject = subject::load(&mut db, &tenant.id, grant, now).await?;
        return Ok(subject.map(|subject| {
            introspect::access_token(issuer, caller, &issued, &subject.grant, now)
        }));
    }
    if let Some((issued, grant)) =
        store::refresh_token::find_with_grant(db, &tenant.id, &hash).await?
    {
        let subject = subject::load(&mut db, &tenant.id, grant, now).await?;
        return Ok(subject.map(|subject| {
            introspect::refresh_token(issuer, caller, &issued, &subject.grant, now)
        }));
    }
    Ok(None)
}
