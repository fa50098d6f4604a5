//! `PUT /api/captcha-provider`.

use axum::{Json, extract::State};
use connectors::secret::unmask;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::{Captcha, CaptchaConfig, CaptchaProviderView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// The provider to use.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewCaptchaProvider {
    config: CaptchaConfig,
}

/// Sets up who tells people from programs.
#[utoipa::path(
    put,
    path = "/captcha-provider",
    operation_id = "UpdateCaptchaProvider",
    tag = "Captcha provider",
    request_body = NewCaptchaProvider,
    responses((status = 200, body = CaptchaProviderView))
)]
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewCaptchaProvider>,
) -> Result<Json<CaptchaProviderView>, ApiError> {
    let tenant = &caller.tenant.id;
    let (id, mut config) = (app.random_id(21), json!(new.config));
    let mut tx = caller.begin(&app).await?;
    let before = store::captcha_provider::find(&mut tx, app.vault(), tenant).await?;
    if let Some(config) = config.as_object_mut() {
        let before = before.as_ref().and_then(|before| before.config.as_object());
        let kept = unmask(config, before, &Captcha);
        kept.map_err(|why| Refused::new("guard.invalid_input", format!("config: {why}.")))?;
    }
    store::captcha_provider::set(&mut tx, app.vault(), tenant, &id, &config, app.now()).await?;
    let found = store::captcha_provider::find(&mut tx, app.vault(), tenant).await?;
    let provider = found.ok_or_else(|| Refused::not_found("captcha provider of", tenant))?;
    app.commit(tx).await?;
    Ok(Json(CaptchaProviderView::new(tenant, provider)))
}
