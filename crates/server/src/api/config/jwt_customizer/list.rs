//! `GET /api/configs/jwt-customizer`.

use axum::{Json, extract::State};

use super::view::NamedJwtCustomizer;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    script::customizer::{ACCESS_TOKEN, CLIENT_CREDENTIALS},
};

/// The scripts that are in place.
#[utoipa::path(
    get,
    path = "/configs/jwt-customizer",
    operation_id = "ListJwtCustomizers",
    tag = "Configs",
    responses((status = 200, body = Vec<NamedJwtCustomizer>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<NamedJwtCustomizer>>, ApiError> {
    let mut found = Vec::new();
    for key in [ACCESS_TOKEN, CLIENT_CREDENTIALS] {
        if let Some(value) = store::config::find(app.db(), &caller.tenant.id, key).await? {
            found.push(NamedJwtCustomizer { key, value });
        }
    }
    Ok(Json(found))
}
