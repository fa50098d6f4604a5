//! `DELETE /api/configs/actions/{actionType}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::view::ActionType;
use crate::{
    api::{caller::Caller, config::setting},
    app::App,
    error::ApiError,
};

/// Takes a script away.
#[utoipa::path(
    delete,
    path = "/configs/actions/{actionType}",
    operation_id = "DeleteAction",
    tag = "Configs",
    params(("actionType" = ActionType, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(action_type): Path<String>,
) -> Result<StatusCode, ApiError> {
    setting::delete(&app, &caller, ActionType::parse(&action_type)?.key()).await
}
