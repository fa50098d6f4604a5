//! `GET /api/configs/cimd`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{api::caller::Caller, app::App, cimd, error::ApiError};

/// Whether clients may come that are known by the address of their metadata document.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct CimdConfig {
    pub(super) enabled: bool,
}

/// Whether clients may come that are known by the address of their metadata document.
#[utoipa::path(
    get,
    path = "/configs/cimd",
    operation_id = "GetCimdConfig",
    tag = "Configs",
    responses((status = 200, body = CimdConfig))
)]
pub(super) async fn find_config(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<CimdConfig>, ApiError> {
    let value = store::config::find(app.db(), &caller.tenant.id, cimd::SETTING).await?;
    let enabled = cimd::is_enabled(value.as_ref());
    Ok(Json(CimdConfig { enabled }))
}
