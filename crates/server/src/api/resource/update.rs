//! `PATCH /api/resources/{resourceId}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ResourceView, changeable};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation,
};

/// What may change: the indicator may not, tokens carry it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourceChange {
    name: Option<Text<1, 256>>,
    /// Life of its access tokens in seconds.
    #[schema(minimum = 1, maximum = 31_536_000)]
    access_token_ttl: Option<i64>,
}

/// Changes an API resource.
#[utoipa::path(
    patch,
    path = "/resources/{resourceId}",
    operation_id = "UpdateResource",
    tag = "Resources",
    params(("resourceId" = String, Path)),
    request_body = ResourceChange,
    responses((status = 200, body = ResourceView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<ResourceChange>,
) -> Result<Json<ResourceView>, ApiError> {
    let tenant = &caller.tenant.id;
    let life = operation::resource::check_life(change.access_token_ttl)?;
    let mut tx = caller.begin(&app).await?;
    let mut resource = operation::resource::find(&mut tx, tenant, &id).await?;
    changeable(&resource.indicator)?;
    if let Some(name) = change.name {
        resource.name = name.into();
    }
    if let Some(life) = life {
        resource.access_token_ttl = life;
    }
    store::resource::update(&mut tx, tenant, &resource).await?;
    app.commit(tx).await?;
    Ok(Json(ResourceView::new(tenant, resource)))
}
