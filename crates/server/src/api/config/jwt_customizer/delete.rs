//! `DELETE /api/configs/jwt-customizer/{tokenTypePath}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::view::{TokenType, key};
use crate::{
    api::{caller::Caller, config::setting},
    app::App,
    error::ApiError,
};

/// Takes a script away.
#[utoipa::path(
    delete,
    path = "/configs/jwt-customizer/{tokenTypePath}",
    operation_id = "DeleteJwtCustomizer",
    tag = "Configs",
    params(("tokenTypePath" = TokenType, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(token_type): Path<String>,
) -> Result<StatusCode, ApiError> {
    setting::delete(&app, &caller, key(&token_type)?).await
}
