//! `DELETE /api/applications/{applicationId}/roles/{roleId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, APPLICATION_ROLES};

use super::roles::check;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Takes a role from an application.
#[utoipa::path(
    delete,
    path = "/applications/{applicationId}/roles/{roleId}",
    operation_id = "DeleteApplicationRole",
    tag = "Applications",
    params(("applicationId" = String, Path), ("roleId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove_role(
    State(app): State<App>,
    caller: Caller,
    Path((id, role_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    check(&mut tx, tenant, &id).await?;
    operation::role::find_changeable(&mut tx, tenant, &role_id).await?;
    if !relation::remove(&mut tx, APPLICATION_ROLES, tenant, &[&id], &role_id).await? {
        return Err(Refused::not_found("role of the application", &role_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
