//! `GET /api/organizations/{id}/applications`.

use axum::{
    extract::{Path, State},
    response::Response,
};

use store::{
    Listed,
    application::{FIELDS, Wanted},
    organization_role,
};

use super::view::OrganizationApplication;
use crate::{
    api::{
        application::ApplicationView,
        caller::Caller,
        organization::{Containing, RoleName, member::APPLICATIONS},
        paging::{PageParameters, Paging},
        query::Query,
    },
    app::App,
    error::ApiError,
    operation,
};

/// The applications of an organization with their roles there.
#[utoipa::path(
    get,
    path = "/organizations/{id}/applications",
    operation_id = "ListOrganizationApplications",
    tag = "Organizations",
    params(("id" = String, Path), PageParameters, Containing),
    responses((status = 200, body = Vec<OrganizationApplication>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Paging,
    Query(containing): Query<Containing>,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    operation::organization::find(db, tenant, &id).await?;
    let wanted = Wanted {
        search: containing.over(&FIELDS),
        in_organization: Some(&id),

        ..Wanted::default()
    };
    let Listed { rows, total } =
        store::application::page(db, tenant, &wanted, paging.page()).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut roles =
        organization_role::of_members(db, tenant, APPLICATIONS.roles, &id, &ids).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let roles = roles.remove(&row.id).unwrap_or_default();
            OrganizationApplication {
                application: ApplicationView::new(tenant, row),
                organization_roles: roles.into_iter().map(RoleName::from).collect(),
            }
        })
        .collect();
    Ok(paging.answer(&Listed { rows, total }))
}
