//! `PATCH /api/applications/{id}/custom-data`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Map, Value};

use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Changes what administrators store with an application, member by member.
#[utoipa::path(
    patch,
    path = "/applications/{id}/custom-data",
    operation_id = "UpdateApplicationCustomData",
    tag = "Applications",
    params(("id" = String, Path)),
    request_body = serde_json::Map<String, Value>,
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn custom_data(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<Map<String, Value>>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::application::find(&mut tx, tenant, &id).await?;
    let mut held = found.ok_or_else(|| Refused::nothing_to_change("application", &id))?;
    held.custom_data.extend(change);
    store::application::update(&mut tx, tenant, &held).await?;
    app.commit(tx).await?;
    Ok(Json(held.custom_data))
}
