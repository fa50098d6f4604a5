//! `GET /api/organization-roles`.

use axum::{extract::State, response::Response};
use store::{
    Listed,
    organization_role::FIELDS,
    relation::{ORGANIZATION_ROLE_RESOURCE_SCOPES, ORGANIZATION_ROLE_SCOPES, children},
};

use super::{OrganizationRoleView, view::ListedOrganizationRole};
use crate::{
    api::{
        caller::Caller,
        organization::Containing,
        paging::{PageParameters, Paging},
        query::Query,
    },
    app::App,
    error::ApiError,
};

/// The organization roles by name, with what they allow.
#[utoipa::path(
    get,
    path = "/organization-roles",
    operation_id = "ListOrganizationRoles",
    tag = "Organization roles",
    params(PageParameters, Containing),
    responses((status = 200, body = Vec<ListedOrganizationRole>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Query(asked): Query<Containing>,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    let search = asked.over(&FIELDS);
    let listed = store::organization_role::page(db, tenant, &search, paging.page()).await?;
    let mut rows = Vec::with_capacity(listed.rows.len());
    for role in listed.rows {
        let scopes = children(db, ORGANIZATION_ROLE_SCOPES, tenant, &[&role.id]).await?;
        let scopes = store::organization_scope::find_by_ids(db, tenant, &scopes).await?;
        let more = children(db, ORGANIZATION_ROLE_RESOURCE_SCOPES, tenant, &[&role.id]).await?;
        let more = store::resource::find_scopes(db, tenant, &more).await?;
        let role = OrganizationRoleView::new(tenant, role);
        rows.push(ListedOrganizationRole::new(role, scopes, more));
    }
    let total = listed.total;
    Ok(paging.answer(&Listed { rows, total }))
}
