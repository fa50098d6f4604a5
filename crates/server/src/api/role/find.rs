//! `GET /api/roles/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::RoleView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One role.
#[utoipa::path(
    get,
    path = "/roles/{id}",
    operation_id = "GetRole",
    tag = "Roles",
    params(("id" = String, Path)),
    responses((status = 200, body = RoleView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RoleView>, ApiError> {
    let tenant = &caller.tenant.id;
    let role = operation::role::find(app.db(), tenant, &id).await?;
    Ok(Json(RoleView::new(tenant, role)))
}
