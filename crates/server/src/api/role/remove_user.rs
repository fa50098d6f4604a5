//! `DELETE /api/roles/{id}/users/{userId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::{self, ROLE_USERS};

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Takes a role from a user.
#[utoipa::path(
    delete,
    path = "/roles/{id}/users/{userId}",
    operation_id = "DeleteRoleUser",
    tag = "Roles",
    params(("id" = String, Path), ("userId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove_user(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    operation::role::find_changeable(&mut tx, tenant, &id).await?;
    if !relation::remove(&mut tx, ROLE_USERS, tenant, &[&id], &user_id).await? {
        return Err(Refused::not_found("user with the role", &user_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
