//! `GET /api/domains/{id}`.

use axum::{Json, extract::Path};

use super::{unknown, view::DomainView};
use crate::{api::caller::Caller, error::ApiError};

/// One domain.
#[utoipa::path(
    get,
    path = "/domains/{id}",
    operation_id = "GetDomain",
    tag = "Domains",
    params(("id" = String, Path)),
    responses((status = 200, body = DomainView))
)]
pub(super) async fn find(_: Caller, Path(id): Path<String>) -> Result<Json<DomainView>, ApiError> {
    Err(unknown(&id).into())
}
