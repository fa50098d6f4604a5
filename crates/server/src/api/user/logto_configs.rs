//! `GET /api/users/{userId}/logto-configs`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// What a person chose about signing in.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UserConfig {
    mfa: MfaConfig,
    passkey_sign_in: PasskeyConfig,
}

/// About second factors.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MfaConfig {
    /// Left out until the person chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    skipped: bool,
    skip_mfa_on_sign_in: bool,
}

/// About passkeys.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub(super) struct PasskeyConfig {
    skipped: bool,
}

impl UserConfig {
    /// What is stored; what does not read was not chosen.
    pub(super) fn read(stored: Map<String, Value>) -> Self {
        serde_json::from_value(Value::Object(stored)).unwrap_or_default()
    }
}

/// What a person chose about signing in.
#[utoipa::path(
    get,
    path = "/users/{userId}/logto-configs",
    operation_id = "ListUserLogtoConfigs",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = UserConfig))
)]
pub(super) async fn logto_configs(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<UserConfig>, ApiError> {
    let found = store::user::config(app.db(), &caller.tenant.id, &id).await?;
    let stored = found.ok_or_else(|| Refused::not_found("user", &id))?;
    Ok(Json(UserConfig::read(stored)))
}
