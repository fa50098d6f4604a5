//! `GET /api/organization-roles/{id}/resource-scopes`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::relation::{self, ORGANIZATION_ROLE_RESOURCE_SCOPES};

use crate::{
    api::{
        caller::Caller,
        list::window,
        paging::{OptionalPaging, PageParameters},
        scope::ScopeView,
    },
    app::App,
    error::ApiError,
    operation,
};

/// The API scopes of a role.
#[utoipa::path(
    get,
    path = "/organization-roles/{id}/resource-scopes",
    operation_id = "ListOrganizationRoleResourceScopes",
    tag = "Organization roles",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<ScopeView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::organization::find_role(app.db(), tenant, &id).await?;
    let relation = ORGANIZATION_ROLE_RESOURCE_SCOPES;
    let ids = relation::children(app.db(), relation, tenant, &[&id]).await?;
    let scopes = store::resource::find_scopes(app.db(), tenant, &ids).await?;
    let views = scopes
        .into_iter()
        .map(|(scope, _)| ScopeView::new(tenant, scope));
    Ok(paging.answer(&window(views.collect(), paging.page())))
}
