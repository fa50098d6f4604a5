//! `DELETE /api/organization-roles/{id}/resource-scopes/{scopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::ORGANIZATION_ROLE_RESOURCE_SCOPES;

use crate::{
    api::{caller::Caller, organization::relation},
    app::App,
    error::ApiError,
};

/// Takes one of the API scopes of a role away.
#[utoipa::path(
    delete,
    path = "/organization-roles/{id}/resource-scopes/{scopeId}",
    operation_id = "DeleteOrganizationRoleResourceScope",
    tag = "Organization roles",
    params(("id" = String, Path), ("scopeId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, scope_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    relation::remove(
        &app,
        &caller,
        ORGANIZATION_ROLE_RESOURCE_SCOPES,
        &[&id],
        &scope_id,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
