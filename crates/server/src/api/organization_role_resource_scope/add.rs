//! `POST /api/organization-roles/{id}/resource-scopes`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_ROLE_RESOURCE_SCOPES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What is added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddOrganizationRoleResourceScope)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    scope_ids: SomeIds,
}

/// Adds API scopes of a role; what is there already is passed over.
#[utoipa::path(
    post,
    path = "/organization-roles/{id}/resource-scopes",
    operation_id = "CreateOrganizationRoleResourceScope",
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
        ORGANIZATION_ROLE_RESOURCE_SCOPES,
        &[&id],
        &body.scope_ids,
        None,
    )
    .await?;
    Ok((StatusCode::CREATED, "Created"))
}
