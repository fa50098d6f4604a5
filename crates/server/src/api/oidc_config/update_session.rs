//! `PATCH /api/configs/oidc/session`.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::find_session::SessionConfig;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::setting,
};

/// What may change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SessionConfigChange {
    /// Seconds.
    #[schema(minimum = 1, maximum = 31_536_000)]
    ttl: Option<i64>,
}

/// Changes how long people stay signed in.
#[utoipa::path(
    patch,
    path = "/configs/oidc/session",
    operation_id = "UpdateOidcSessionConfig",
    tag = "Configs",
    request_body = SessionConfigChange,
    responses((status = 200, body = SessionConfig))
)]
pub(super) async fn update_session(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<SessionConfigChange>,
) -> Result<Json<SessionConfig>, ApiError> {
    const KEY: &str = "oidc.session";
    let Some(ttl) = change.ttl else {
        let ttl = caller.tenant.session_ttl;
        return Ok(Json(SessionConfig { ttl }));
    };
    let value = json!({ "ttl": ttl });
    setting::check_value(KEY, &value)?;
    let mut tx = caller.begin(&app).await?;
    store::config::set(&mut tx, &caller.tenant.id, KEY, &value).await?;
    app.commit(tx).await?;
    Ok(Json(SessionConfig { ttl }))
}
