//! `GET /api/resources/{resourceId}/scopes`.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::ScopeView;
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        search::{SearchParameters, SearchQuery},
    },
    app::App,
    error::ApiError,
};

/// The scopes of an API resource; none when there is no such resource.
#[utoipa::path(
    get,
    path = "/resources/{resourceId}/scopes",
    operation_id = "ListResourceScopes",
    tag = "Resources",
    params(("resourceId" = String, Path), PageParameters, SearchParameters),
    responses((status = 200, body = Vec<ScopeView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(resource_id): Path<String>,
    paging: OptionalPaging,
    search: SearchQuery,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let search = search.over(&store::resource::SCOPE_FIELDS)?;
    let listed =
        store::resource::search_scopes(app.db(), tenant, &resource_id, &search, paging.page())
            .await?;
    Ok(paging.answer(&listed.map(|scope| ScopeView::new(tenant, scope))))
}
