//! `GET /api/roles`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use store::{
    Listed,
    role::{FIELDS, RoleType, Wanted},
};
use utoipa::IntoParams;

use super::{RoleKind, RoleView, view::ListedRole};
use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        query::Query,
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
};

/// Which roles are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only roles that this user does not have.
    exclude_user_id: Option<String>,
    /// Only roles that this application does not have.
    exclude_application_id: Option<String>,
    /// Only roles of this kind.
    #[param(value_type = Option<RoleKind>)]
    r#type: Option<RoleType>,
}

/// The roles with those who have them, without the server's own.
#[utoipa::path(
    get,
    path = "/roles",
    operation_id = "ListRoles",
    tag = "Roles",
    params(PageParameters, SearchParameters, Asked),
    responses((status = 200, body = Vec<ListedRole>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    search: SearchQuery,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        kind: asked.r#type,
        without_user: asked.exclude_user_id.as_deref(),
        without_application: asked.exclude_application_id.as_deref(),
        ..Wanted::default()
    };
    let listed = store::role::page(app.db(), tenant, &wanted, paging.page()).await?;
    let mut rows = Vec::with_capacity(listed.rows.len());
    for role in listed.rows {
        let holders = store::role::holders(app.db(), tenant, &role.id).await?;
        rows.push(ListedRole::new(RoleView::new(tenant, role), holders));
    }
    let total = listed.total;
    Ok(paging.answer(&Listed { rows, total }))
}
