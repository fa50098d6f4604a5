//! `PUT /api/configs/actions/{actionType}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;

use super::view::{ActionType, ActionView};
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
};

/// Puts a script in place: 201 for the first, 200 for those after it.
#[utoipa::path(
    put,
    path = "/configs/actions/{actionType}",
    operation_id = "UpsertAction",
    tag = "Configs",
    params(("actionType" = ActionType, Path)),
    request_body = ActionView,
    responses((status = 200, body = ActionView), (status = 201, body = ActionView))
)]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(action_type): Path<String>,
    Input(action): Input<ActionView>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let key = ActionType::parse(&action_type)?.key();
    let (status, setting) = setting::put(&app, &caller, key, &action).await?;
    Ok((status, Json(setting)))
}
