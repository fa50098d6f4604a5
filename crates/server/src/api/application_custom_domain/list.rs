//! `GET /api/applications/{id}/protected-app-metadata/custom-domains`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{CustomDomainView, refused};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The domains of a protected application.
#[utoipa::path(
    get,
    path = "/applications/{id}/protected-app-metadata/custom-domains",
    operation_id = "ListApplicationProtectedAppMetadataCustomDomains",
    tag = "Applications",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<CustomDomainView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<CustomDomainView>>, ApiError> {
    Err(refused(&app, &caller, &id).await)
}
