//! `GET /api/users/{userId}/mfa-verifications`.

use axum::{
    Json,
    extract::{Path, State},
};
use identity::mfa::{Factor, MfaVerification};
use serde::Serialize;
use store::mfa_verification;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, user::find_user},
    app::App,
    error::ApiError,
};

/// A second factor, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserMfaVerification)]
#[serde(rename_all = "camelCase")]
pub(super) struct FactorView {
    id: String,
    /// As ISO 8601 writes it.
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_used_at: Option<String>,
    /// `Totp`, `WebAuthn` or `BackupCode`.
    r#type: &'static str,
    /// Of a passkey: the browser in which it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    agent: Option<String>,
    /// Of a passkey: what the person calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Of backup codes: how many are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    remain_codes: Option<usize>,
}

impl From<MfaVerification> for FactorView {
    fn from(held: MfaVerification) -> Self {
        let (kind, remain_codes) = (held.factor.name(), held.factor.unused_codes());
        let (agent, name) = match held.factor {
            Factor::WebAuthn { agent, name } => (Some(agent), name),
            _ => (None, None),
        };
        Self {
            id: held.id,
            created_at: held.created_at.iso(),
            last_used_at: held.last_used_at.map(protocol::time::Time::iso),
            r#type: kind,
            agent,
            name,
            remain_codes,
        }
    }
}

/// The second factors of a person.
#[utoipa::path(
    get,
    path = "/users/{userId}/mfa-verifications",
    operation_id = "ListUserMfaVerifications",
    tag = "Users",
    params(("userId" = String, Path)),
    responses((status = 200, body = Vec<FactorView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<FactorView>>, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let held = mfa_verification::list(app.db(), app.vault(), tenant, &id).await?;
    Ok(Json(held.into_iter().map(FactorView::from).collect()))
}
