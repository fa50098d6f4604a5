//! `GET /.well-known/webauthn`: the other origins that passkeys of this tenant work at (WebAuthn 3 §5.11).

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use super::nobody;
use crate::{
    app::App,
    error::{ApiError, NoSuchTenant},
    extract::tenant::CurrentTenant,
};

/// Its route, at the root of the tenant's address.
pub fn router() -> Router<App> {
    Router::new().route("/.well-known/webauthn", get(webauthn))
}

async fn webauthn(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
) -> Result<Json<Value>, Response> {
    let CurrentTenant(tenant) = tenant.map_err(nobody)?;
    let stored = store::account_center::find(app.db(), &tenant.id).await;
    let stored = stored.map_err(|error| ApiError::from(error).into_response())?;
    let origins = stored.and_then(|mut center| center.remove("webauthnRelatedOrigins"));
    Ok(Json(
        json!({ "origins": origins.unwrap_or_else(|| json!([])) }),
    ))
}
