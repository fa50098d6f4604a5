//! `GET /api/configs/actions/{actionType}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Map, Value};

use super::view::{ActionType, ActionView};
use crate::{
    api::{caller::Caller, config::setting},
    app::App,
    error::ApiError,
};

/// The script for one moment of a sign-in.
#[utoipa::path(
    get,
    path = "/configs/actions/{actionType}",
    operation_id = "GetAction",
    tag = "Configs",
    params(("actionType" = ActionType, Path)),
    responses((status = 200, body = ActionView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(action_type): Path<String>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let key = ActionType::parse(&action_type)?.key();
    let found = setting::find(app.db(), &caller.tenant.id, key).await?;
    Ok(Json(found))
}
