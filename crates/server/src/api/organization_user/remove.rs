//! `DELETE /api/organizations/{id}/users/{userId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::{
        caller::Caller,
        organization::member::{self, USERS},
    },
    app::App,
    error::ApiError,
};

/// Lets a member leave an organization, with its roles.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/users/{userId}",
    operation_id = "DeleteOrganizationUser",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    member::remove(&app, &caller, &USERS, &id, &user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
