//! `DELETE /api/resources/{resourceId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::seed::is_management_api;

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Forgets an API resource with its scopes, and takes those from all roles.
#[utoipa::path(
    delete,
    path = "/resources/{resourceId}",
    operation_id = "DeleteResource",
    tag = "Resources",
    params(("resourceId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let resource = operation::resource::find(&mut tx, tenant, &id).await?;
    if is_management_api(&resource.indicator) {
        let message = "The Management API cannot be deleted.";
        return Err(Refused::new("resource.cannot_delete_management_api", message).into());
    }
    store::resource::delete(&mut tx, tenant, &id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
