//! `GET /api/users/{userId}/custom-data`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Map, Value};

use super::find_user;
use crate::{api::caller::Caller, app::App, error::ApiError};

/// What applications store with an account.
#[utoipa::path(
    get,
    path = "/users/{userId}/custom-data",
    operation_id = "ListUserCustomData",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = serde_json::Map<String, Value>))
)]
pub(super) async fn custom_data(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, &id).await?;
    Ok(Json(user.custom_data))
}
