//! `GET /api/organization-scopes/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::OrganizationScopeView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One organization scope.
#[utoipa::path(
    get,
    path = "/organization-scopes/{id}",
    operation_id = "GetOrganizationScope",
    tag = "Organization scopes",
    params(("id" = String, Path)),
    responses((status = 200, body = OrganizationScopeView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OrganizationScopeView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = operation::organization::find_scope(app.db(), tenant, &id).await?;
    Ok(Json(OrganizationScopeView::new(tenant, found)))
}
