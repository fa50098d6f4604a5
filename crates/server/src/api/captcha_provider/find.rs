//! `GET /api/captcha-provider`.

use axum::{Json, extract::State};

use super::view::CaptchaProviderView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// The tenant's provider of captchas.
#[utoipa::path(
    get,
    path = "/captcha-provider",
    operation_id = "GetCaptchaProvider",
    tag = "Captcha provider",
    responses((status = 200, body = CaptchaProviderView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<CaptchaProviderView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = store::captcha_provider::find(app.db(), app.vault(), tenant).await?;
    let provider = found.ok_or_else(|| Refused::not_found("captcha provider of", tenant))?;
    Ok(Json(CaptchaProviderView::new(tenant, provider)))
}
