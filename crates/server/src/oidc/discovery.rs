//! `GET /oidc/.well-known/openid-configuration` and its OAuth twin (OpenID Connect Discovery §4, RFC 8414 §3).

use axum::{
    Router,
    http::header,
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::get,
};
use protocol::discovery;

use super::cors;
use crate::{app::App, extract::tenant::CurrentTenant, text};

/// The routes below the issuer.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/.well-known/openid-configuration", get(show))
        .route("/.well-known/oauth-authorization-server", get(show))
        .layer(from_fn(cors::open))
}

/// Where RFC 8414 §3.1 puts the document: the well-known part goes before the issuer's path. The last one serves those
/// who type the address without `/oidc`.
pub fn root_alias() -> Router<App> {
    Router::new()
        .route("/.well-known/oauth-authorization-server/oidc", get(show))
        .route("/.well-known/openid-configuration/oidc", get(show))
        .route("/.well-known/oauth-authorization-server", get(show))
        .route("/.well-known/openid-configuration", get(show))
        .layer(from_fn(cors::open))
        .layer(from_fn(cors::preflights))
}

/// The server's own description.
async fn show(CurrentTenant(tenant): CurrentTenant) -> Response {
    let document = tenant.discovery.get_or_init(|| {
        let takes_documents = tenant.cimd.is_some();
        let locales = text::tags();
        let document = discovery::document(&tenant.issuer, &tenant.keys, &locales, takes_documents);
        document.to_string().into()
    });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.clone()).into_response()
}
