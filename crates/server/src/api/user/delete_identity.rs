//! `DELETE /api/users/{userId}/identities/{target}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use super::{UserView, changed::keep, find_identity::no_identity, find_user};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// Takes the link to a social provider away.
#[utoipa::path(
    delete,
    path = "/users/{userId}/identities/{target}",
    operation_id = "DeleteUserIdentity",
    tag = "Users",
    params(("userId" = String, Path), ("target" = String, Path)),
    responses((status = 200, body = UserView))
)]
pub(super) async fn delete_identity(
    State(app): State<App>,
    caller: Caller,
    Path((id, target)): Path<(String, String)>,
) -> Result<Json<UserView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    if !store::user::unlink(&mut tx, tenant, &id, &target).await? {
        return Err(no_identity(&target).into());
    }
    Ok(Json(
        keep(&app, tx, &caller, &id, StatusCode::OK).await?.into(),
    ))
}
