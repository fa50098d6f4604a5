//! `DELETE /api/applications/{id}/protected-app-metadata/custom-domains/{domain}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::refused;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// Takes a domain from a protected application.
#[utoipa::path(
    delete,
    path = "/applications/{id}/protected-app-metadata/custom-domains/{domain}",
    operation_id = "DeleteApplicationProtectedAppMetadataCustomDomain",
    tag = "Applications",
    params(("id" = String, Path), ("domain" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((id, _domain)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    Err(refused(&app, &caller, &id).await)
}
