//! `PUT /api/configs/id-token`.

use axum::{Json, extract::State};
use serde_json::json;

use super::{IdTokenConfig, KEY};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
};

/// Says which claims ID tokens carry beyond the standard ones.
#[utoipa::path(
    put,
    path = "/configs/id-token",
    operation_id = "UpsertIdTokenConfig",
    tag = "Configs",
    request_body = IdTokenConfig,
    responses((status = 200, body = IdTokenConfig))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Input(config): Input<IdTokenConfig>,
) -> Result<Json<IdTokenConfig>, ApiError> {
    let mut tx = caller.begin(&app).await?;
    store::config::set(&mut tx, &caller.tenant.id, KEY, &json!(config)).await?;
    app.commit(tx).await?;
    Ok(Json(config))
}
