//! `PUT /api/organization-roles/{id}/resource-scopes`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_ROLE_RESOURCE_SCOPES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What there is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationRoleResourceScope)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    scope_ids: Ids,
}

/// Makes these the only API scopes of a role.
#[utoipa::path(
    put,
    path = "/organization-roles/{id}/resource-scopes",
    operation_id = "ReplaceOrganizationRoleResourceScopes",
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
        ORGANIZATION_ROLE_RESOURCE_SCOPES,
        &[&id],
        &body.scope_ids,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
