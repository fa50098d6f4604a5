//! `GET /api/configs/actions`.

use axum::{Json, extract::State};

use super::view::{ActionType, NamedAction};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The scripts that are in place.
#[utoipa::path(
    get,
    path = "/configs/actions",
    operation_id = "ListActions",
    tag = "Configs",
    responses((status = 200, body = Vec<NamedAction>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<Vec<NamedAction>>, ApiError> {
    let mut found = Vec::new();
    for key in ActionType::ALL {
        if let Some(value) = store::config::find(app.db(), &caller.tenant.id, key.key()).await? {
            found.push(NamedAction { key, value });
        }
    }
    Ok(Json(found))
}
