//! `GET /api/organization-roles/{id}/scopes`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::relation::{self, ORGANIZATION_ROLE_SCOPES};

use crate::{
    api::{
        caller::Caller,
        list::window,
        organization_scope::OrganizationScopeView,
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
    operation,
};

/// The organization scopes of a role.
#[utoipa::path(
    get,
    path = "/organization-roles/{id}/scopes",
    operation_id = "ListOrganizationRoleScopes",
    tag = "Organization roles",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<OrganizationScopeView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::organization::find_role(app.db(), tenant, &id).await?;
    let ids = relation::children(app.db(), ORGANIZATION_ROLE_SCOPES, tenant, &[&id]).await?;
    let scopes = store::organization_scope::find_by_ids(app.db(), tenant, &ids).await?;
    let views = scopes
        .into_iter()
        .map(|scope| OrganizationScopeView::new(tenant, scope));
    Ok(paging.answer(&window(views.collect(), paging.page())))
}
