//! `PUT /api/organizations/{id}/jit/roles`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_ROLES;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What there is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationJitRole)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    organization_role_ids: Ids,
}

/// Makes these the only roles of those who join by themselves.
#[utoipa::path(
    put,
    path = "/organizations/{id}/jit/roles",
    operation_id = "ReplaceOrganizationJitRoles",
    tag = "Organizations",
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
    operation::organization::find(app.db(), &caller.tenant.id, &id).await?;
    relation::replace(
        &app,
        &caller,
        ORGANIZATION_JIT_ROLES,
        &[&id],
        &body.organization_role_ids,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
