//! `/configs/oidc`: the life of sessions, and the keys that sign (`contract/logto-api.md` §5.4).

mod delete_key;
mod find_session;
mod keys;
mod rotate_keys;
mod update_session;

use serde::{Deserialize, Serialize};
use store::{cookie_key, signing_key};
use utoipa::ToSchema;

use super::millis::Millis;
use crate::{
    api::routes::{Routes, routes},
    app::App,
    operation::{self, OperationError},
};
use protocol::jose::KeyStatus;

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(
            find_session::find_session,
            update_session::update_session
        ))
        .routes(routes!(keys::keys))
        .routes(routes!(rotate_keys::rotate_keys))
        .routes(routes!(delete_key::delete_key))
}

/// What keys are for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum KeyType {
    /// They sign tokens.
    PrivateKeys,
    /// They sign forms.
    CookieKeys,
}

/// A key, without its value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OidcKey {
    id: String,
    created_at: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    signing_key_algorithm: Option<Family>,
    /// `Next`, `Current` or `Previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status: Option<&'static str>,
    /// When a next key takes over, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    effective_at: Option<i64>,
}

/// A kind of signing keys.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
enum Family {
    /// RS256.
    #[serde(rename = "RSA")]
    Rsa,
    /// ES384, or another curve.
    #[serde(rename = "EC")]
    Ec,
}

/// The keys of the kind: next, current and previous in this order, newest first.
async fn list(app: &App, tenant: &str, kind: KeyType) -> Result<Vec<OidcKey>, OperationError> {
    if kind == KeyType::CookieKeys {
        let keys = cookie_key::list(app.db(), app.vault(), tenant).await?;
        let plain = |key: cookie_key::CookieKey| OidcKey {
            id: key.id,
            created_at: key.created_at.into(),
            signing_key_algorithm: None,
            status: None,
            effective_at: None,
        };
        return Ok(keys.into_iter().map(plain).collect());
    }
    let takes_over_at = operation::key::takes_over_at(app.db(), tenant).await?;
    let mut keys = signing_key::list(app.db(), app.vault(), tenant).await?;
    let rank = |status| match status {
        KeyStatus::Next => (0, "Next"),
        KeyStatus::Current => (1, "Current"),
        KeyStatus::Previous => (2, "Previous"),
    };
    keys.sort_by_key(|stored| rank(stored.status).0);
    let view = |stored: signing_key::StoredSigningKey| OidcKey {
        id: stored.key.kid().to_owned(),
        created_at: stored.created_at.into(),
        signing_key_algorithm: Some(if stored.key.algorithm().is_elliptic() {
            Family::Ec
        } else {
            Family::Rsa
        }),
        status: Some(rank(stored.status).1),
        effective_at: takes_over_at.filter(|_| stored.status == KeyStatus::Next),
    };
    Ok(keys.into_iter().map(view).collect())
}
