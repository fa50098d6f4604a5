//! `GET /api/users/{userId}/has-password`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::find_user;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// Whether the account has a password.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HasPassword {
    has_password: bool,
}

/// Says whether an account has a password.
#[utoipa::path(
    get,
    path = "/users/{userId}/has-password",
    operation_id = "GetUserHasPassword",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = HasPassword))
)]
pub(super) async fn has_password(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<HasPassword>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, &id).await?;
    let has_password = user.password.is_some();
    Ok(Json(HasPassword { has_password }))
}
