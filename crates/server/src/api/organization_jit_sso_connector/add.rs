//! `POST /api/organizations/{id}/jit/sso-connectors`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_SSO_CONNECTORS;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::SomeIds, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What is added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddOrganizationJitSsoConnector)]
#[serde(rename_all = "camelCase")]
pub(super) struct Added {
    sso_connector_ids: SomeIds,
}

/// Adds providers whose people join by themselves; what is there already is passed over.
#[utoipa::path(
    post,
    path = "/organizations/{id}/jit/sso-connectors",
    operation_id = "CreateOrganizationJitSsoConnector",
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
        ORGANIZATION_JIT_SSO_CONNECTORS,
        &[&id],
        &body.sso_connector_ids,
        None,
    )
    .await?;
    Ok((StatusCode::CREATED, "Created"))
}
