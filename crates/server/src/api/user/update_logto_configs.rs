//! `PATCH /api/users/{userId}/logto-configs`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{changed::keep, logto_configs::UserConfig};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What may change; what is left out stays.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserConfigChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa: Option<MfaChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey_sign_in: Option<PasskeyChange>,
}

/// About second factors.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MfaChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skip_mfa_on_sign_in: Option<bool>,
}

/// About passkeys.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct PasskeyChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<bool>,
}

/// Changes what a person chose about signing in.
#[utoipa::path(
    patch,
    path = "/users/{userId}/logto-configs",
    operation_id = "UpdateUserLogtoConfigs",
    tag = "Users",
    params(("userId" = String, Path)),
    request_body = UserConfigChange,
    responses((status = 200, body = UserConfig))
)]
pub(super) async fn update_logto_configs(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<UserConfigChange>,
) -> Result<Json<UserConfig>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    let found = store::user::config(&mut tx, tenant, &id).await?;
    let mut config = found.ok_or_else(|| Refused::not_found("user", &id))?;
    merge(&mut config, &json!(change));
    store::user::set_config(&mut tx, tenant, &id, &config, app.now()).await?;
    keep(&app, tx, &caller, &id, StatusCode::OK).await?;
    Ok(Json(UserConfig::read(config)))
}

fn merge(config: &mut Map<String, Value>, change: &Value) {
    for (part, members) in change.as_object().into_iter().flatten() {
        let held = config.entry(part.clone()).or_insert_with(|| json!({}));
        if let (Some(held), Some(members)) = (held.as_object_mut(), members.as_object()) {
            held.extend(members.clone());
        }
    }
}
