//! `DELETE /api/roles/{id}/applications/{applicationId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, ROLE_APPLICATIONS};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Takes a role from an application.
#[utoipa::path(
    delete,
    path = "/roles/{id}/applications/{applicationId}",
    operation_id = "DeleteRoleApplication",
    tag = "Roles",
    params(("id" = String, Path), ("applicationId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove_application(
    State(app): State<App>,
    caller: Caller,
    Path((id, application_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if !relation::remove(&mut tx, ROLE_APPLICATIONS, tenant, &[&id], &application_id).await? {
        return Err(Refused::not_found("application with the role", &application_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
