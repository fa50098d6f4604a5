//! `POST /api/organizations/{id}/jit/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_ROLES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What is added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddOrganizationJitRole)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    organization_role_ids: SomeIds,
}

/// Adds roles of those who join by themselves; what is there already is passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/jit/roles",
    operation_id = "CreateOrganizationJitRole",
    tag = "Organizations",
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
    operation::organization::find(app.db(), &caller.tenant.id, &id).await?;
    relation::add(
        &app,
        &caller,
        ORGANIZATION_JIT_ROLES,
        &[&id],
        &body.organization_role_ids,
        None,
    )
    .await?;
    Ok((StatusCode::CREATED, "Created"))
}
