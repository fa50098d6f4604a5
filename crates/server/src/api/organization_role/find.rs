//! `GET /api/organization-roles/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::OrganizationRoleView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One organization role.
#[utoipa::path(
    get,
    path = "/organization-roles/{id}",
    operation_id = "GetOrganizationRole",
    tag = "Organization roles",
    params(("id" = String, Path)),
    responses((status = 200, body = OrganizationRoleView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrganizationRoleView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = operation::organization::find_role(app.db(), tenant, &id).await?;
    Ok(Json(OrganizationRoleView::new(tenant, found)))
}
