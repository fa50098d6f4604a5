//! `PATCH /api/configs/jwt-customizer/{tokenTypePath}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::Value;

use super::view::{JwtCustomizer, TokenType, key};
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
};

/// Changes a script that is in place. As at Logto, the script itself has to be sent.
#[utoipa::path(
    patch,
    path = "/configs/jwt-customizer/{tokenTypePath}",
    operation_id = "UpdateJwtCustomizer",
    tag = "Configs",
    params(("tokenTypePath" = TokenType, Path)),
    request_body = JwtCustomizer,
    responses((status = 200, body = JwtCustomizer))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(token_type): Path<String>,
    Input(change): Input<JwtCustomizer>,
) -> Result<Json<Value>, ApiError> {
    let key = key(&token_type)?;
    let setting = setting::patch(&app, &caller, key, &change).await?;
    Ok(Json(setting))
}
