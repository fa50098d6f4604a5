//! `GET /api/roles/{id}/users`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::user::{FIELDS, Wanted};

use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        search::{SearchParameters, SearchQuery},
        user::UserView,
    },
    app::App,
    error::ApiError,
    operation,
};

/// The users who have a role.
#[utoipa::path(
    get,
    path = "/roles/{id}/users",
    operation_id = "ListRoleUsers",
    tag = "Roles",
    params(("id" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<UserView>))
)]
pub(super) async fn users(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: OptionalPaging,
    search: SearchQuery,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    operation::role::find(app.db(), tenant, &id).await?;
    let wanted = Wanted {
        search: search.over(&FIELDS)?,
        with_role: Some(&id),
        ..Wanted::default()
    };
    let listed = store::user::page(app.db(), tenant, &wanted, paging.page()).await?;
    Ok(paging.answer(&listed.map(UserView::from)))
}
