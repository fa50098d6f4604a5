//! `POST /api/organization-roles/{id}/scopes`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_ROLE_SCOPES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds, organization::relation},
    app::App,
    error::ApiError,
    hook::Event,
    operation,
};

/// What is added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddOrganizationRoleScope)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    organization_scope_ids: SomeIds,
}

/// Adds organization scopes of a role; what is there already is passed over.
#[utoipa::path(
    post,
    path = "/organization-roles/{id}/scopes",
    operation_id = "CreateOrganizationRoleScope",
    tag = "Organization roles",
    params(("id" = String, Path)),
    request_body = Added,
    responses((status = 201, body = String, content_type = "text/plain"))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<Added>,
) -> Result<(StatusCode, &'static str), ApiError> {
    operation::organization::find_role(app.db(), &caller.tenant.id, &id).await?;
    relation::add(
        &app,
        &caller,
        ORGANIZATION_ROLE_SCOPES,
        &[&id],
        &body.organization_scope_ids,
        Some(Event::OrganizationRoleScopesUpdated),
    )
    .await?;
    Ok((StatusCode::CREATED, "Created"))
}
