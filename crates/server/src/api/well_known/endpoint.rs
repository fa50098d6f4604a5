//! `GET /api/.well-known/endpoints/{tenantId}`.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use store::seed::ADMIN_TENANT;
use utoipa::ToSchema;

use super::nobody;
use crate::{
    app::App,
    error::{ApiError, NoSuchTenant},
    extract::tenant::CurrentTenant,
    operation::Refused,
};

/// Where a tenant answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TenantEndpoint)]
pub(super) struct EndpointView {
    user: String,
}

/// Where a tenant answers; the console asks this at the administrators' tenant, and nobody else knows.
#[utoipa::path(
    get,
    path = "/.well-known/endpoints/{tenantId}",
    operation_id = "GetTenantEndpoint",
    tag = "Well-known",
    params(("tenantId" = String, Path)),
    security(()),
    responses((status = 200, body = EndpointView))
)]
pub(super) async fn endpoint(
    State(app): State<App>,
    tenant: Result<CurrentTenant, NoSuchTenant>,
    Path(wanted): Path<String>,
) -> Result<Json<EndpointView>, Response> {
    let CurrentTenant(tenant) = tenant.map_err(nobody)?;
    let found = app.tenant(&wanted);
    let found = found.filter(|_| tenant.id == ADMIN_TENANT);
    let user = found
        .map(|found| found.endpoint.clone())
        .ok_or_else(|| ApiError::from(Refused::not_found("tenant", &wanted)).into_response())?;
    Ok(Json(EndpointView { user }))
}
