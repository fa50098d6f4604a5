//! `DELETE /api/users/{userId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::{UserInfo, find_user};
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::Refused,
};

/// Deletes an account, with its sessions, tokens and memberships.
#[utoipa::path(
    delete,
    path = "/users/{userId}",
    operation_id = "DeleteUser",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if caller.actor.id() == id {
        let message = "You cannot delete your own account here.";
        return Err(Refused::new("user.cannot_delete_self", message).into());
    }
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let told = UserInfo::from(find_user(&mut tx, tenant, &id).await?);
    store::user::delete(&mut tx, tenant, &id).await?;
    raise(&app, &mut tx, &caller, Event::UserDeleted, &id, 204, &told).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
