//! `GET /api/roles/{id}/scopes`.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::view::RoleScope;
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
    operation,
};
use store::{Listed, resource::SCOPE_FIELDS};

/// What a role allows.
#[utoipa::path(
    get,
    path = "/roles/{id}/scopes",
    operation_id = "ListRoleScopes",
    tag = "Roles",
    params(("id" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<RoleScope>))
)]
pub(super) async fn scopes(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
    search: SearchQuery,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::role::find(app.db(), tenant, &id).await?;
    let search = search.over(&SCOPE_FIELDS)?;
    let listed = store::role::search_scopes(app.db(), tenant, &id, &search, paging.page()).await?;
    let ids: Vec<String> = listed.rows.iter().map(|scope| scope.id.clone()).collect();
    let pairs = store::resource::find_scopes(app.db(), tenant, &ids).await?;
    let rows: Vec<_> = pairs
        .into_iter()
        .map(|pair| RoleScope::new(tenant, pair))
        .collect();
    let total = listed.total;
    Ok(paging.answer(&Listed { rows, total }))
}
