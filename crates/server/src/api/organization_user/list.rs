//! `GET /api/organizations/{id}/users`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use store::{
    Listed, organization_role,
    user::{FIELDS, Wanted},
};
use utoipa::IntoParams;

use super::view::OrganizationUser;
use crate::{
    api::{
        caller::Caller,
        organization::{Containing, RoleName, member::USERS},
        paging::{PageParameters, Paging},
        query::Query,
        user::UserInfo,
    },
    app::App,
    error::ApiError,
    operation,
};

/// Which members are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those who have this role in the organization.
    organization_role_id: Option<String>,
}

/// The people of an organization with their roles there, by id.
#[utoipa::path(
    get,
    path = "/organizations/{id}/users",
    operation_id = "ListOrganizationUsers",
    tag = "Organizations",
    params(("id" = String, Path), PageParameters, Containing, Asked),
    responses((status = 200, body = Vec<OrganizationUser>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Paging,
    Query(containing): Query<Containing>,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    operation::organization::find(db, tenant, &id).await?;
    let wanted = Wanted {
        search: containing.over(&FIELDS),
        in_organization: Some(&id),
        with_organization_role: asked.organization_role_id.as_deref(),
        ..Wanted::default()
    };
    let Listed { rows, total } = store::user::page(db, tenant, &wanted, paging.page()).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut roles = organization_role::of_members(db, tenant, USERS.roles, &id, &ids).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let roles = roles.remove(&row.id).unwrap_or_default();
            OrganizationUser {
                user: UserInfo::from(row),
                organization_roles: roles.into_iter().map(RoleName::from).collect(),
            }
        })
        .collect();
    Ok(paging.answer(&Listed { rows, total }))
}
