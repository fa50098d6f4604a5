//! `DELETE /api/applications/{id}/legacy-secret`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::ApplicationView;
use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Hufu never made secrets of the old kind, so there is none to remove.
#[utoipa::path(
    delete,
    path = "/applications/{id}/legacy-secret",
    operation_id = "DeleteApplicationLegacySecret",
    tag = "Applications",
    params(("id" = String, Path)),
    responses((status = 200, body = ApplicationView))
)]
pub(super) async fn delete_legacy_secret(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ApplicationView>, ApiError> {
    operation::application::find(app.db(), &caller.tenant.id, &id).await?;
    let message = "The application has no legacy secret.";
    Err(Refused::new("application.no_legacy_secret_found", message).into())
}
