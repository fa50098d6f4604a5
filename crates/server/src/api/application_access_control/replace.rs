//! `PUT /api/applications/{applicationId}/access-control`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::application::access;

use super::rules::AccessControl;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// Says who may use an application when its access control is on.
#[utoipa::path(
    put,
    path = "/applications/{applicationId}/access-control",
    operation_id = "ReplaceApplicationAccessControl",
    tag = "Applications",
    params(("applicationId" = String, Path)),
    request_body = AccessControl,
    responses((status = 200, body = AccessControl))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<AccessControl>,
) -> Result<Json<AccessControl>, ApiError> {
    let tenant = &caller.tenant.id;
    let rules = body.read()?;
    let mut tx = caller.begin(&app).await?;
    let held = operation::application::find(&mut tx, tenant, &id).await?;
    operation::application::check_access(held.access_control_enabled, &rules)?;
    access::replace(&mut tx, tenant, &id, &rules).await?;
    app.commit(tx).await?;
    Ok(Json(rules.into()))
}
