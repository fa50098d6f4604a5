//! `PATCH /api/configs/actions/{actionType}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::Value;

use super::view::{ActionChange, ActionType, ActionView};
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
};

/// Changes a script that is in place.
#[utoipa::path(
    patch,
    path = "/configs/actions/{actionType}",
    operation_id = "UpdateAction",
    tag = "Configs",
    params(("actionType" = ActionType, Path)),
    request_body = ActionChange,
    responses((status = 200, body = ActionView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(action_type): Path<String>,
    Input(change): Input<ActionChange>,
) -> Result<Json<Value>, ApiError> {
    let key = ActionType::parse(&action_type)?.key();
    let setting = setting::patch(&app, &caller, key, &change).await?;
    Ok(Json(setting))
}
