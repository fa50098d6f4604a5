//! `GET /oidc/jwks` — the tenant's public keys (RFC 7517 §5).

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::tenant::Tenant;

/// All keys: next, current and previous. `ETag` is made of their ids, so that a client that asks again pays little.
pub(super) fn show(tenant: &Tenant, headers: &HeaderMap) -> Response {
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
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    (caching, json, tenant.keys.jwks().to_string()).into_response()
}
