//! `DELETE /api/domains/{id}`.

use axum::{extract::Path, http::StatusCode};

use super::unknown;
use crate::{api::caller::Caller, error::ApiError};

/// Takes a domain away.
#[utoipa::path(
    delete,
    path = "/domains/{id}",
    operation_id = "DeleteDomain",
    tag = "Domains",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(_: Caller, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    Err(unknown(&id).into())
}
