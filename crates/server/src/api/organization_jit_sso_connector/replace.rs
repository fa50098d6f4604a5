//! `PUT /api/organizations/{id}/jit/sso-connectors`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_SSO_CONNECTORS;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// What there is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationJitSsoConnector)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    sso_connector_ids: Ids,
}

/// Makes these the only providers whose people join by themselves.
#[utoipa::path(
    put,
    path = "/organizations/{id}/jit/sso-connectors",
    operation_id = "ReplaceOrganizationJitSsoConnectors",
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
        ORGANIZATION_JIT_SSO_CONNECTORS,
        &[&id],
        &body.sso_connector_ids,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
