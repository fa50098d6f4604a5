//! `PATCH /api/resources/{resourceId}/is-default`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ResourceView;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation,
};

/// Whether it is assumed when a request names no resource.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IsDefault {
    is_default: bool,
}

/// Makes an API resource the default one, in place of the one before it, or takes that back.
#[utoipa::path(
    patch,
    path = "/resources/{resourceId}/is-default",
    operation_id = "UpdateResourceIsDefault",
    tag = "Resources",
    params(("resourceId" = String, Path)),
    request_body = IsDefault,
    responses((status = 200, body = ResourceView))
)]
pub(super) async fn set_default(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<IsDefault>,
) -> Result<Json<ResourceView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let mut resource = operation::resource::find(&mut tx, tenant, &id).await?;
    resource.is_default = change.is_default;
    store::resource::update(&mut tx, tenant, &resource).await?;
    app.commit(tx).await?;
    Ok(Json(ResourceView::new(tenant, resource)))
}
