//! `PUT /api/organizations/{id}/jit/email-domains`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_EMAIL_DOMAINS;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation},
    app::App,
    error::ApiError,
    operation,
};

/// The domains there are to be.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReplaceOrganizationJitEmailDomains)]
#[serde(rename_all = "camelCase")]
pub(super) struct Domains {
    email_domains: Ids,
}

/// Makes these the only domains of an organization.
#[utoipa::path(
    put,
    path = "/organizations/{id}/jit/email-domains",
    operation_id = "ReplaceOrganizationJitEmailDomains",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = Domains,
    responses((status = 204))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(wanted): Input<Domains>,
) -> Result<StatusCode, ApiError> {
    operation::organization::find(app.db(), &caller.tenant.id, &id).await?;
    let domains = wanted
        .email_domains
        .iter()
        .map(|domain| domain.to_lowercase());
    let domains: Vec<String> = domains.collect();
    relation::replace(
        &app,
        &caller,
        ORGANIZATION_JIT_EMAIL_DOMAINS,
        &[&id],
        &domains,
        None,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
