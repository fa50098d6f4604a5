//! `DELETE /api/users/{userId}/roles/{roleId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, USER_ROLES};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Takes a role from an account.
#[utoipa::path(
    delete,
    path = "/users/{userId}/roles/{roleId}",
    operation_id = "DeleteUserRole",
    tag = "Users",
    params(("userId" = String, Path), ("roleId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove_role(
    State(app): State<App>,
    caller: Caller,
    Path((id, role_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    let parent = [id.as_str()];
    if !relation::remove(&mut tx, USER_ROLES, &caller.tenant.id, &parent, &role_id).await? {
        return Err(Refused::not_found("role of the user", &role_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
