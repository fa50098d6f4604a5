//! `GET /api/organization-scopes`.

use axum::{extract::State, response::Response};
use store::organization_scope::FIELDS;

use super::OrganizationScopeView;
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

/// The organization scopes by name.
#[utoipa::path(
    get,
    path = "/organization-scopes",
    operation_id = "ListOrganizationScopes",
    tag = "Organization scopes",
    params(PageParameters, Containing),
    responses((status = 200, body = Vec<OrganizationScopeView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Query(asked): Query<Containing>,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let search = asked.over(&FIELDS);
    let listed = store::organization_scope::page(app.db(), tenant, &search, paging.page()).await?;
    Ok(paging.answer(&listed.map(|scope| OrganizationScopeView::new(tenant, scope))))
}
