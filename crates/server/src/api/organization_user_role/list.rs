//! `GET /api/organizations/{id}/users/{userId}/roles`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::{organization_role, relation::children};

use crate::{
    api::{
        caller::Caller,
        list::window,
        organization::member::USERS,
        organization_role::OrganizationRoleView,
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
    operation::organization::check_member,
};

/// The roles of a member.
#[utoipa::path(
    get,
    path = "/organizations/{id}/users/{userId}/roles",
    operation_id = "ListOrganizationUserRoles",
    tag = "Organizations",
    params(("id" = String, Path), ("userId" = String, Path), PageParameters),
    responses((status = 200, body = Vec<OrganizationRoleView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path((id, user_id)): Path<(String, String)>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    check_member(db, tenant, USERS.members, &id, &user_id).await?;
    let ids = children(db, USERS.roles, tenant, &[&id, &user_id]).await?;
    let roles = organization_role::find_by_ids(db, tenant, &ids).await?;
    let views = roles
        .into_iter()
        .map(|role| OrganizationRoleView::new(tenant, role));
    Ok(paging.answer(&window(views.collect(), paging.page())))
}
