//! `POST /oidc/token` — RFC 6749 §3.2.

mod client_credentials;
mod code;
mod custom;
mod device;
mod exchange;
mod issue;
mod refresh;
mod target;

use axum::{
    Json, Router,
    extract::State,
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::post,
};
use protocol::{grant::GrantType, token::response::TokenResponse};

pub(crate) use self::code::redeem;
use self::custom::Issued;
use super::cors;
use crate::{
    app::App,
    audit::token::{Exchanged, exchanged},
    error::OidcError,
    extract::client::ClientRequest,
};

/// The route.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/token", post(exchange))
        .layer(from_fn(cors::by_client))
}

/// Gives tokens for a code, a refresh token, or the client's own credentials.
async fn exchange(State(app): State<App>, request: ClientRequest) -> Result<Response, OidcError> {
    let issued = grant(&app, &request).await;
    let told = issued.as_ref().map(|tokens| Exchanged {
        scope: tokens.scope.clone(),
        has_id_token: tokens.id_token.is_some(),
        has_refresh_token: tokens.refresh_token.is_some(),
    });
    let client_id = request.application.client.id.as_str();
    exchanged(
        &app,
        &request.tenant,
        Some(client_id),
        request.parameters,
        told,
    )
    .await;
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    Ok((headers, Json(issued?)).into_response())
}

async fn grant(app: &App, request: &ClientRequest) -> Result<TokenResponse, OidcError> {
    let grant_type = GrantType::parse(request.parameters.one("grant_type")?)?;
    grant_type.check(request.client())?;
    let mut custom = None;
    loop {
        let issued = match grant_type {
            GrantType::AuthorizationCode => code::exchange(app, request, custom).await?,
            GrantType::RefreshToken => refresh::exchange(app, request, custom).await?,
            GrantType::ClientCredentials => client_credentials::exchange(app, request).await?,
            GrantType::DeviceCode => device::exchange(app, request, custom).await?,
            GrantType::TokenExchange => exchange::exchange(app, request, custom).await?,
        };
        match issued {
            Issued::Tokens(tokens) => return Ok(tokens),
            Issued::Ask(question) => custom = Some(question.ask(app, request).await?),
        }
    }
}
