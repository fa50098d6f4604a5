//! `GET /api/users/{userId}/roles`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::role::{FIELDS, RoleType, Wanted};

use super::find_user;
use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        role::RoleView,
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
};

/// The roles of an account.
#[utoipa::path(
    get,
    path = "/users/{userId}/roles",
    operation_id = "ListUserRoles",
    tag = "Users",
    params(("userId" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<RoleView>))
)]
pub(super) async fn roles(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Paging,
    search: SearchQuery,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        kind: Some(RoleType::User),
        of_user: Some(&id),
        ..Wanted::default()
    };
    let listed = store::role::page(app.db(), tenant, &wanted, paging.page()).await?;
    Ok(paging.answer(&listed.map(|role| RoleView::new(tenant, role))))
}
