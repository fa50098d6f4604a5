//! `POST /api/domains/cleanup`.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input},
    error::ApiError,
};

/// Which domains to take away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Staleness {
    /// Those that have not become active within so many days.
    #[schema(minimum = 1)]
    stale_days: i64,
}

/// What was looked at, and what became of it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = DomainCleanup)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(super) struct Cleanup {
    scanned_count: u64,
    deleted_count: u64,
    skipped_active_count: u64,
    failed_count: u64,
}

/// Takes away domains that never became active: none, where there are none.
#[utoipa::path(
    post,
    path = "/domains/cleanup",
    operation_id = "CleanupDomains",
    tag = "Domains",
    request_body = Staleness,
    responses((status = 200, body = Cleanup))
)]
pub(super) async fn cleanup(
    _: Caller,
    Input(staleness): Input<Staleness>,
) -> Result<Json<Cleanup>, ApiError> {
    if staleness.stale_days < 1 {
        return Err(ApiError::Input {
            part: "body",
            details: "staleDays: expected a number of 1 or more".to_owned(),
        });
    }
    Ok(Json(Cleanup::default()))
}
