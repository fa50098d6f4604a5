//! `PUT /api/domains/{id}/verification-files`.

use axum::{Json, extract::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{unknown, view::VerificationFile};
use crate::{
    api::{caller::Caller, input::Input},
    error::ApiError,
};

/// The most files of a domain.
const MOST: usize = 10;

/// The files of a domain.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerificationFiles {
    #[schema(max_items = 10)]
    verification_files: Vec<VerificationFile>,
}

/// Sets the files by which others check whose domain it is.
#[utoipa::path(
    put,
    path = "/domains/{id}/verification-files",
    operation_id = "ReplaceDomainVerificationFiles",
    tag = "Domains",
    params(("id" = String, Path)),
    request_body = VerificationFiles,
    responses((status = 200, body = Vec<VerificationFile>))
)]
pub(super) async fn replace_verification_files(
    _: Caller,
    Path(id): Path<String>,
    Input(files): Input<VerificationFiles>,
) -> Result<Json<Vec<VerificationFile>>, ApiError> {
    if files.verification_files.len() > MOST {
        return Err(ApiError::Input {
            part: "body",
            details: format!("verificationFiles: too_big: at most {MOST} files"),
        });
    }
    Err(unknown(&id).into())
}
