//! `PUT /api/organization-roles/{id}/scopes`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_ROLE_SCOPES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation},
    app::App,
    error::ApiError,
    hook::Event,
    operation,
};

/// What there is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationRoleScope)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    organization_scope_ids: Ids,
}

/// Makes these the only organization scopes of a role.
#[utoipa::path(
    put,
    path = "/organization-roles/{id}/scopes",
    operation_id = "ReplaceOrganizationRoleScopes",
    tag = "Organization roles",
    params(("id" = String, Path)),
    request_body = Replacement,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<Replacement>,
) -> Result<StatusCode, ApiError> {
    operation::organization::find_role(app.db(), &caller.tenant.id, &id).await?;
    relation::replace(
        &app,
        &caller,
        ORGANIZATION_ROLE_SCOPES,
        &[&id],
        &body.organization_scope_ids,
        Some(Event::OrganizationRoleScopesUpdated),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
