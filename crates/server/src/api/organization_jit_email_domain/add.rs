//! `POST /api/organizations/{id}/jit/email-domains`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::relation::ORGANIZATION_JIT_EMAIL_DOMAINS;
use utoipa::ToSchema;

use super::view::OrganizationJitEmailDomain;
use crate::{
    api::{caller::Caller, input::Input, organization::relation, text::Text},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// A domain.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewOrganizationJitEmailDomain)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewDomain {
    email_domain: Text<1, 128>,
}

/// Lets people of one more domain join an organization by themselves.
#[utoipa::path(
    post,
    path = "/organizations/{id}/jit/email-domains",
    operation_id = "CreateOrganizationJitEmailDomain",
    tag = "Organizations",
    params(("id" = String, Path)),
    request_body = NewDomain,
    responses((status = 201, body = OrganizationJitEmailDomain))
)]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewDomain>,
) -> Result<(StatusCode, Json<OrganizationJitEmailDomain>), ApiError> {
    let tenant = &caller.tenant.id;
    operation::organization::find(app.db(), tenant, &id).await?;
    let domain = new.email_domain.to_lowercase();
    let domains = [domain.clone()];
    let table = ORGANIZATION_JIT_EMAIL_DOMAINS;
    if relation::add(&app, &caller, table, &[&id], &domains, None)
        .await?
        .is_empty()
    {
        let message = format!("The organization has the domain {domain:?} already.");
        return Err(Refused::new("entity.unique_integrity_violation", message).into());
    }
    let view = OrganizationJitEmailDomain::new(tenant, &id, domain);
    Ok((StatusCode::CREATED, Json(view)))
}
