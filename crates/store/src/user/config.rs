//! `users.logto_config`: what a person chose about second factors, as JSON; and whether the password has run out.

use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// What the person chose; `None` when there is no such user.
pub async fn config(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    const SQL: &str = "SELECT logto_config FROM users WHERE tenant_id = $1 AND id = $2";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(id).fetch_optional(conn).await)?;
    text.map(|text| json::read("users.logto_config", &text))
        .transpose()
}

/// Writes what the person chose; `false` when there is no such user.
pub async fn set_config(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    config: &Map<String, Value>,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "UPDATE users SET logto_config = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2";
    let text = json::write("users.logto_config", config)?;
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(text).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Says whether the person has to choose a new password; `false` when there is no such user.
pub async fn set_password_expired(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    is_expired: bool,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE users SET is_password_expired = $3, updated_at = $4 \
        WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(is_expired).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
