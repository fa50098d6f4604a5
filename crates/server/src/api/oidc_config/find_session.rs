//! `GET /api/configs/oidc/session`.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::caller::Caller;

/// How long people stay signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionConfig {
    /// Seconds.
    pub(super) ttl: i64,
}

/// How long people stay signed in.
#[utoipa::path(
    get,
    path = "/configs/oidc/session",
    operation_id = "GetOidcSessionConfig",
    tag = "Configs",
    responses((status = 200, body = SessionConfig))
)]
pub(super) async fn find_session(caller: Caller) -> Json<SessionConfig> {
    let ttl = caller.tenant.session_ttl;
    Json(SessionConfig { ttl })
}
