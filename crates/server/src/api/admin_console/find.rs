//! `GET /api/configs/admin-console`.

use axum::{Json, extract::State};

use super::{AdminConsole, KEY};
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// What the console remembers of the tenant.
#[utoipa::path(
    get,
    path = "/configs/admin-console",
    operation_id = "GetAdminConsoleConfig",
    tag = "Configs",
    responses((status = 200, body = AdminConsole))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<AdminConsole>, ApiError> {
    let value = operation::setting::find(app.db(), &caller.tenant.id, KEY).await?;
    Ok(Json(serde_json::from_value(value).unwrap_or_default()))
}
