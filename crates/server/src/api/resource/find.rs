//! `GET /api/resources/{resourceId}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::ResourceView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One API resource.
#[utoipa::path(
    get,
    path = "/resources/{resourceId}",
    operation_id = "GetResource",
    tag = "Resources",
    params(("resourceId" = String, Path)),
    responses((status = 200, body = ResourceView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ResourceView>, ApiError> {
    let tenant = &caller.tenant.id;
    let resource = operation::resource::find(app.db(), tenant, &id).await?;
    Ok(Json(ResourceView::new(tenant, resource)))
}
