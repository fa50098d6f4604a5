//! `GET /api/users/{userId}/organizations`.

use axum::{
    Json,
    extract::{Path, State},
};
use store::{
    Page,
    organization::Wanted,
    relation::{self, ORGANIZATION_USER_ROLES},
};

use super::find_user;
use crate::{
    api::{
        caller::Caller,
        organization::{MemberOrganization, OrganizationView, RoleName},
    },
    app::App,
    error::ApiError,
};

/// The organizations that a person belongs to, with the roles there.
#[utoipa::path(
    get,
    path = "/users/{userId}/organizations",
    operation_id = "ListUserOrganizations",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = Vec<MemberOrganization>))
)]
pub(super) async fn organizations(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<MemberOrganization>>, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let wanted = Wanted {
        of_user: Some(&id),
        ..Wanted::default()
    };
    let listed = store::organization::page(app.db(), tenant, &wanted, Page::ALL).await?;
    let mut found = Vec::with_capacity(listed.rows.len());
    for organization in listed.rows {
        let parent = [organization.id.as_str(), id.as_str()];
        let roles = relation::children(app.db(), ORGANIZATION_USER_ROLES, tenant, &parent).await?;
        let roles = store::organization_role::find_by_ids(app.db(), tenant, &roles).await?;
        let view = OrganizationView::new(tenant, organization);
        found.push(MemberOrganization::new(
            view,
            roles.into_iter().map(RoleName::from).collect(),
        ));
    }
    Ok(Json(found))
}
