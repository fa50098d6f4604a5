//! `DELETE /api/captcha-provider`.

use axum::{extract::State, http::StatusCode};

use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// Forgets the tenant's provider of captchas, and stops asking for them.
#[utoipa::path(
    delete,
    path = "/captcha-provider",
    operation_id = "DeleteCaptchaProvider",
    tag = "Captcha provider",
    responses((status = 204))
)]
pub(super) async fn delete(State(app): State<App>, caller: Caller) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    operation::captcha_provider::remove(&mut tx, &caller.tenant.id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
