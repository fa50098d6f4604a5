//! `DELETE /api/organizations/{id}/users/{userId}/roles/{organizationRoleId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation;

use crate::{
    api::{
        caller::Caller,
        organization::member::{self, USERS},
    },
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Takes a role from a member.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/users/{userId}/roles/{organizationRoleId}",
    operation_id = "DeleteOrganizationUserRole",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path), ("organizationRoleId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id, role_id)): Path<(String, String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut tx = member::begin(&app, &caller, &USERS, &id, &user_id).await?;
    let parent = [id.as_str(), user_id.as_str()];
    if !relation::remove(&mut tx, USERS.roles, &caller.tenant.id, &parent, &role_id).await? {
        return Err(Refused::not_found("assignment of the role", &role_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
