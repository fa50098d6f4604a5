//! `GET /api/roles/{id}/applications`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use store::application::{FIELDS, Wanted};

use crate::{
    api::{
        application::ApplicationView,
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
    operation,
};

/// The applications who have a role.
#[utoipa::path(
    get,
    path = "/roles/{id}/applications",
    operation_id = "ListRoleApplications",
    tag = "Roles",
    params(("id" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<ApplicationView>))
)]
pub(super) async fn applications(
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
    let listed = store::application::page(app.db(), tenant, &wanted, paging.page()).await?;
    Ok(paging.answer(&listed.map(|application| ApplicationView::new(tenant, application))))
}
