//! `GET /api/configs/id-token`.

use axum::{Json, extract::State};

use super::{IdTokenConfig, KEY};
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// Which claims ID tokens carry beyond the standard ones.
#[utoipa::path(
    get,
    path = "/configs/id-token",
    operation_id = "GetIdTokenConfig",
    tag = "Configs",
    responses((status = 200, body = IdTokenConfig))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<IdTokenConfig>, ApiError> {
    let value = operation::setting::find(app.db(), &caller.tenant.id, KEY).await?;
    Ok(Json(serde_json::from_value(value).unwrap_or_default()))
}
