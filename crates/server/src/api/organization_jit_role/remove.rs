//! `DELETE /api/organizations/{id}/jit/roles/{organizationRoleId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::ORGANIZATION_JIT_ROLES;

use crate::{
    api::{caller::Caller, organization::relation},
    app::App,
    error::ApiError,
};

/// Takes one of the roles of those who join by themselves away.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/jit/roles/{organizationRoleId}",
    operation_id = "DeleteOrganizationJitRole",
    tag = "Organizations",
    params(("id" = String, Path), ("organizationRoleId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, organization_role_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    relation::remove(
        &app,
        &caller,
        ORGANIZATION_JIT_ROLES,
        &[&id],
        &organization_role_id,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
