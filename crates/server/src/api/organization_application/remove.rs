//! `DELETE /api/organizations/{id}/applications/{applicationId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    api::{
        caller::Caller,
        organization::member::{self, APPLICATIONS},
    },
    app::App,
    error::ApiError,
};

/// Lets a member leave an organization, with its roles.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/applications/{applicationId}",
    operation_id = "DeleteOrganizationApplication",
    tag = "Organizations",
    params(("id" = String, Path), ("applicationId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, application_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    member::remove(&app, &caller, &APPLICATIONS, &id, &application_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
