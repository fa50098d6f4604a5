//! `DELETE /api/captcha-provider`.

use axum::{extract::State, http::StatusCode};
use serde_json::json;

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// Forgets the tenant's provider of captchas, and stops asking for them.
#[utoipa::path(
    delete,
    path = "/captcha-provider",
    operation_id = "DeleteCaptchaProvider",
    tag = "Captcha provider",
    responses((status = 204))
)]
pub(super) async fn delete(State(app): State<App>, caller: Caller) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    if !store::captcha_provider::delete(&mut tx, tenant).await? {
        return Err(Refused::not_found("captcha provider of", tenant).into());
    }
    let mut experience = operation::experience::find(&mut tx, &caller.tenant.id).await?;
    experience.insert("captchaPolicy".to_owned(), json!({ "enabled": false }));
    operation::experience::save(&mut tx, tenant, experience).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
