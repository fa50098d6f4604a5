//! `GET /api/organizations/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::OrganizationView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One organization.
#[utoipa::path(
    get,
    path = "/organizations/{id}",
    operation_id = "GetOrganization",
    tag = "Organizations",
    params(("id" = String, Path)),
    responses((status = 200, body = OrganizationView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrganizationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = operation::organization::find(app.db(), tenant, &id).await?;
    Ok(Json(OrganizationView::new(tenant, found)))
}
