//! `DELETE /api/users/{userId}/personal-access-tokens/{name}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::remove;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// Makes a personal access token stop working.
#[utoipa::path(
    delete,
    path = "/users/{userId}/personal-access-tokens/{name}",
    operation_id = "DeleteUserPersonalAccessToken",
    tag = "Users",
    params(("userId" = String, Path), ("name" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete_by_name(
    State(app): State<App>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    remove(&app, &caller, &id, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
