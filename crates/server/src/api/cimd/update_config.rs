//! `PATCH /api/configs/cimd`.

use axum::{Json, extract::State};
use serde_json::json;

use super::find_config::CimdConfig;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    cimd,
    error::ApiError,
    operation::setting,
};

/// Says whether clients may come that are known by the address of their metadata document.
#[utoipa::path(
    patch,
    path = "/configs/cimd",
    operation_id = "UpdateCimdConfig",
    tag = "Configs",
    request_body = CimdConfig,
    responses((status = 200, body = CimdConfig))
)]
pub(super) async fn update_config(
    State(app): State<App>,
    caller: Caller,
    Input(config): Input<CimdConfig>,
) -> Result<Json<CimdConfig>, ApiError> {
    let value = json!({ "enabled": config.enabled });
    setting::check_safe(cimd::SETTING, &value, &app.config().outbound)?;
    let mut tx = caller.begin(&app).await?;
    store::config::set(&mut tx, &caller.tenant.id, cimd::SETTING, &value).await?;
    app.commit(tx).await?;
    Ok(Json(config))
}
