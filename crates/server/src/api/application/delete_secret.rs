//! `DELETE /api/applications/{id}/secrets/{name}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::application::secret;

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Makes a secret stop working.
#[utoipa::path(
    delete,
    path = "/applications/{id}/secrets/{name}",
    operation_id = "DeleteApplicationSecret",
    tag = "Applications",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete_secret(
    State(app): State<App>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !secret::delete(&mut tx, &caller.tenant.id, &id, &name).await? {
        return Err(Refused::not_found("secret", &name).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
