//! `GET /api/organizations/{id}/jit/roles`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::relation::{self, ORGANIZATION_JIT_ROLES};

use crate::{
    api::{
        caller::Caller,
        list::window,
        organization_role::OrganizationRoleView,
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
    operation,
};

/// The roles of those who join by themselves.
#[utoipa::path(
    get,
    path = "/organizations/{id}/jit/roles",
    operation_id = "ListOrganizationJitRoles",
    tag = "Organizations",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<OrganizationRoleView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::organization::find(app.db(), tenant, &id).await?;
    let ids = relation::children(app.db(), ORGANIZATION_JIT_ROLES, tenant, &[&id]).await?;
    let roles = store::organization_role::find_by_ids(app.db(), tenant, &ids).await?;
    let views = roles
        .into_iter()
        .map(|role| OrganizationRoleView::new(tenant, role));
    Ok(paging.answer(&window(views.collect(), paging.page())))
}
