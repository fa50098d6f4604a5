//! `DELETE /api/organization-roles/{id}/scopes/{organizationScopeId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::ORGANIZATION_ROLE_SCOPES;

use crate::{
    api::{caller::Caller, organization::relation},
    app::App,
    error::ApiError,
    hook::Event,
};

/// Takes one of the organization scopes of a role away.
#[utoipa::path(
    delete,
    path = "/organization-roles/{id}/scopes/{organizationScopeId}",
    operation_id = "DeleteOrganizationRoleScope",
    tag = "Organization roles",
    params(("id" = String, Path), ("organizationScopeId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, organization_scope_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    relation::remove(
        &app,
        &caller,
        ORGANIZATION_ROLE_SCOPES,
        &[&id],
        &organization_scope_id,
        Some(Event::OrganizationRoleScopesUpdated),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
