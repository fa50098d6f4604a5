//! `GET /api/domains/{id}/verification-files`.

use axum::{Json, extract::Path};

use super::{unknown, view::VerificationFile};
use crate::{api::caller::Caller, error::ApiError};

/// The files by which others check whose domain it is.
#[utoipa::path(
    get,
    path = "/domains/{id}/verification-files",
    operation_id = "ListDomainVerificationFiles",
    tag = "Domains",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<VerificationFile>))
)]
pub(super) async fn verification_files(
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<VerificationFile>>, ApiError> {
    Err(unknown(&id).into())
}
