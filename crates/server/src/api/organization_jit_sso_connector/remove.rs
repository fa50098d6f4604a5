//! `DELETE /api/organizations/{id}/jit/sso-connectors/{ssoConnectorId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::ORGANIZATION_JIT_SSO_CONNECTORS;

use crate::{
    api::{caller::Caller, organization::relation},
    app::App,
    error::ApiError,
};

/// Takes one of the providers whose people join by themselves away.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/jit/sso-connectors/{ssoConnectorId}",
    operation_id = "DeleteOrganizationJitSsoConnector",
    tag = "Organizations",
    params(("id" = String, Path), ("ssoConnectorId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, sso_connector_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    relation::remove(
        &app,
        &caller,
        ORGANIZATION_JIT_SSO_CONNECTORS,
        &[&id],
        &sso_connector_id,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
