//! `GET /oidc/jwks` — the tenant's public keys (RFC 7517 §5).

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::cors;
use crate::{app::App, error::OidcError, extract::tenant::CurrentTenant};

/// The route.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/jwks", get(show))
        .layer(axum::middleware::from_fn(cors::open))
}

/// All keys: next, current and previous. `ETag` is made of their ids, so that a client that asks again pays little.
async fn show(
    CurrentTenant(tenant): CurrentTenant,
    headers: HeaderMap,
) -> Result<Response, OidcError> {
    let ids: Vec<_> = tenant
        .keys
        .keys()
        .map(|(_, key)| key.kid().get(..8).unwrap_or_default())
        .collect();
    let etag = format!("\"{}\"", ids.join("."));
    let unchanged = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| {
            known
                .split(',')
                .any(|known| known.trim().trim_start_matches("W/") == etag)
        });
    let caching = [
        (
            header::CACHE_CONTROL,
            "no-cache, max-age=0, must-revalidate",
        ),
        (header::ETAG, etag.as_str()),
    ];
    if unchanged {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((caching, json, tenant.keys.jwks().to_string()).into_response())
}
