//! `GET /api/configs/jwt-customizer/{tokenTypePath}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Map, Value};

use super::view::{JwtCustomizer, TokenType, key};
use crate::{
    api::{caller::Caller, config::setting},
    app::App,
    error::ApiError,
};

/// The script for one type of token.
#[utoipa::path(
    get,
    path = "/configs/jwt-customizer/{tokenTypePath}",
    operation_id = "GetJwtCustomizer",
    tag = "Configs",
    params(("tokenTypePath" = TokenType, Path)),
    responses((status = 200, body = JwtCustomizer))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(token_type): Path<String>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let key = key(&token_type)?;
    let found = setting::find(app.db(), &caller.tenant.id, key).await?;
    Ok(Json(found))
}
