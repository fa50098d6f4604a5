//! `PATCH /api/users/{userId}/is-suspended`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{UserView, find_user};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    hook::{Event, raise},
};

/// Whether the account is barred.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Suspension {
    is_suspended: bool,
}

/// Bars an account, which ends its sessions and tokens, or lets it in again.
#[utoipa::path(
    patch,
    path = "/users/{userId}/is-suspended",
    operation_id = "UpdateUserIsSuspended",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = Suspension,
    responses((status = 200, body = UserView))
)]
pub(super) async fn suspend(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<Suspension>,
) -> Result<Json<UserView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, tenant, &id).await?;
    store::user::set_suspended(&mut tx, tenant, &id, change.is_suspended, app.now()).await?;
    let view = UserView::from(find_user(&mut tx, tenant, &id).await?);
    let event = Event::UserSuspensionStatusUpdated;
    raise(&app, &mut tx, &caller, event, &id, 200, &view).await?;
    app.commit(tx).await?;
    Ok(Json(view))
}
