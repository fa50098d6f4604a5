//! `GET /api/applications/{id}/organizations`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::{
    Listed,
    organization::Wanted,
    relation::{self, ORGANIZATION_APPLICATION_ROLES},
};

use crate::{
    api::{
        caller::Caller,
        organization::{MemberOrganization, OrganizationView, RoleName},
        paging::{OptionalPaging, PageParameters},
    },
    app::App,
    error::ApiError,
    operation,
};

/// The organizations that an application acts in, with its roles there.
#[utoipa::path(
    get,
    path = "/applications/{id}/organizations",
    operation_id = "ListApplicationOrganizations",
    tag = "Applications",
    params(("id" = String, Path), PageParameters),
    responses((status = 200, body = Vec<MemberOrganization>))
)]
pub(super) async fn organizations(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::application::find(app.db(), tenant, &id).await?;
    let wanted = Wanted {
        of_application: Some(&id),
        ..Wanted::default()
    };
    let listed = store::organization::page(app.db(), tenant, &wanted, paging.page()).await?;
    let mut rows = Vec::with_capacity(listed.rows.len());
    for organization in listed.rows {
        let parent = [organization.id.as_str(), id.as_str()];
        let relation = ORGANIZATION_APPLICATION_ROLES;
        let roles = relation::children(app.db(), relation, tenant, &parent).await?;
        let roles = store::organization_role::find_by_ids(app.db(), tenant, &roles).await?;
        let view = OrganizationView::new(tenant, organization);
        rows.push(MemberOrganization::new(
            view,
            roles.into_iter().map(RoleName::from).collect(),
        ));
    }
    let total = listed.total;
    Ok(paging.answer(&Listed { rows, total }))
}
