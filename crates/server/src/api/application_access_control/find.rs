//! `GET /api/applications/{applicationId}/access-control`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::application::access;

use super::rules::AccessControl;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// Who may use an application when its access control is on.
#[utoipa::path(
    get,
    path = "/applications/{applicationId}/access-control",
    operation_id = "GetApplicationAccessControl",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    responses((status = 200, body = AccessControl))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<AccessControl>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = app.db().begin().await?;
    operation::application::find(&mut tx, tenant, &id).await?;
    let rules = access::find(&mut tx, tenant, &id).await?;
    Ok(Json(rules.into()))
}
