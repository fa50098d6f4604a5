//! `GET /api/organizations/{id}/jit/email-domains`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::relation::{ORGANIZATION_JIT_EMAIL_DOMAINS, children};

use super::view::OrganizationJitEmailDomain;
use crate::{
    api::{
        caller::Caller,
        list::window,
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
    operation,
};

/// The domains of an organization.
#[utoipa::path(
    get,
    path = "/organizations/{id}/jit/email-domains",
    operation_id = "ListOrganizationJitEmailDomains",
    tag = "Organizations",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<OrganizationJitEmailDomain>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    operation::organization::find(db, tenant, &id).await?;
    let domains = children(db, ORGANIZATION_JIT_EMAIL_DOMAINS, tenant, &[&id]).await?;
    let rows = domains
        .into_iter()
        .map(|domain| OrganizationJitEmailDomain::new(tenant, &id, domain));
    Ok(paging.answer(&window(rows.collect(), paging.page())))
}
