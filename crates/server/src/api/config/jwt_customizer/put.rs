//! `PUT /api/configs/jwt-customizer/{tokenTypePath}`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;

use super::view::{JwtCustomizer, TokenType, allowed, key};
use crate::{
    api::{caller::Caller, config::setting, input::Input},
    app::App,
    error::ApiError,
};

/// Puts a script in place: 201 for the first, 200 for those after it.
#[utoipa::path(
    put,
    path = "/configs/jwt-customizer/{tokenTypePath}",
    operation_id = "UpsertJwtCustomizer",
    tag = "Configs",
    params(("tokenTypePath" = TokenType, Path)),
    request_body = JwtCustomizer,
    responses((status = 200, body = JwtCustomizer), (status = 201, body = JwtCustomizer))
)]
pub(super) async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(token_type): Path<String>,
    Input(customizer): Input<JwtCustomizer>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let tenant_id = &caller.tenant.id;
    let key = key(&token_type)?;
    allowed(tenant_id)?;
    let (status, setting) = setting::put(&app, &caller, key, &customizer).await?;
    Ok((status, Json(setting)))
}
