//! `GET /api/dashboard/users/total`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api::caller::Caller, app::App, error::ApiError};

/// How many accounts there are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TotalUsers {
    total_user_count: i64,
}

/// How many accounts there are.
#[utoipa::path(
    get,
    path = "/dashboard/users/total",
    operation_id = "GetTotalUserCount",
    tag = "Dashboard",
    responses((status = 200, body = TotalUsers))
)]
pub(super) async fn total(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<TotalUsers>, ApiError> {
    let total_user_count = store::user::count(app.db(), &caller.tenant.id).await?;
    Ok(Json(TotalUsers { total_user_count }))
}
