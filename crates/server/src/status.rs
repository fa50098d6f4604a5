//! `GET /api/status` — whether the server runs (`contract/logto-core.md` §12).

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    error::NoSuchTenant,
    extract::tenant::CurrentTenant,
    seen::{self, SEEN_HEADER},
};

/// Its routes.
pub fn router() -> Router<App> {
    Router::new().route("/api/status", get(status))
}

/// 204 without a body; with the right `logto-status-api-key`, the tenant's id as well. `hufu doctor` is told how its request arrived.
async fn status(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
    request: Request,
) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(seen) = seen::tell(&app, &request) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(SEEN_HEADER), seen);
    }
    let given = request
        .headers()
        .get("logto-status-api-key")
        .map(HeaderValue::as_bytes);
    if let (Some(given), Some(key), Ok(CurrentTenant(tenant))) =
        (given, &app.config().status_api_key, tenant)
        && bool::from(given.ct_eq(key.reveal().as_bytes()))
        && let Ok(id) = HeaderValue::from_str(&tenant.id)
    {
        response.headers_mut().insert("logto-tenant-id", id);
    }
    response
}
