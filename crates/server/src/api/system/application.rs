//! `GET /api/systems/application`.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{api::caller::Caller, error::ApiError, operation::Refused};

/// What applications can be beside the usual.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemApplicationConfig)]
#[serde(rename_all = "camelCase")]
pub(super) struct SystemApplication {
    protected_apps: ProtectedApps,
}

/// Applications behind an edge provider that signs people in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProtectedApps {
    /// Below which their addresses are.
    default_domain: String,
}

/// Where protected applications are served: nowhere, without an edge provider.
#[utoipa::path(
    get,
    path = "/systems/application",
    operation_id = "GetSystemApplicationConfig",
    tag = "Systems",
    responses((status = 200, body = SystemApplication))
)]
pub(super) async fn application(_: Caller) -> Result<Json<SystemApplication>, ApiError> {
    let message = "No provider serves protected applications.";
    let refused = Refused::new("application.protected_app_not_configured", message);
    Err(refused.status(501).into())
}
