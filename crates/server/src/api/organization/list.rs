//! `GET /api/organizations`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use store::{
    Listed,
    organization::{FIELDS, Wanted},
};
use utoipa::IntoParams;

use super::{Containing, OrganizationView, view::ListedOrganization};
use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        query::{Query, Truthy},
    },
    app::App,
    error::ApiError,
};

/// What is wanted of organizations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Whether to tell how many members they have, and the first of them.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    show_featured: Truthy,
}

/// The organizations, newest first.
#[utoipa::path(
    get,
    path = "/organizations",
    operation_id = "ListOrganizations",
    tag = "Organizations",
    params(PageParameters, Containing, Asked),
    responses((status = 200, body = Vec<ListedOrganization>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Query(containing): Query<Containing>,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let (db, tenant) = (app.db(), &caller.tenant.id);
    let wanted = Wanted {
        search: containing.over(&FIELDS),
        ..Wanted::default()
    };
    let listed = store::organization::page(db, tenant, &wanted, paging.page()).await?;
    let mut rows = Vec::with_capacity(listed.rows.len());
    for organization in listed.rows {
        let mut members = None;
        if asked.show_featured.0 {
            members = Some(store::organization::members(db, tenant, &organization.id).await?);
        }
        let view = OrganizationView::new(tenant, organization);
        rows.push(ListedOrganization::new(view, members));
    }
    let total = listed.total;
    Ok(paging.answer(&Listed { rows, total }))
}
