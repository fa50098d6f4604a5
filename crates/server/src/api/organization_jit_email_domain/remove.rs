//! `DELETE /api/organizations/{id}/jit/email-domains/{emailDomain}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::relation::ORGANIZATION_JIT_EMAIL_DOMAINS;

use crate::{
    api::{caller::Caller, organization::relation},
    app::App,
    error::ApiError,
};

/// Takes a domain from an organization.
#[utoipa::path(
    delete,
    path = "/organizations/{id}/jit/email-domains/{emailDomain}",
    operation_id = "DeleteOrganizationJitEmailDomain",
    tag = "Organizations",
    params(("id" = String, Path), ("emailDomain" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, domain)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let domain = domain.to_lowercase();
    relation::remove(
        &app,
        &caller,
        ORGANIZATION_JIT_EMAIL_DOMAINS,
        &[&id],
        &domain,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
