//! `configs`: settings of one tenant, as JSON (`contract/logto-core.md` §2).

use serde_json::Value;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
};

/// The setting under `key`.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    key: &str,
) -> Result<Option<Value>, StoreError> {
    const SQL: &str = "SELECT value FROM configs WHERE tenant_id = $1 AND key = $2";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(key).fetch_optional(conn).await)?;
    text.map(|text| json::read("configs.value", &text))
        .transpose()
}

/// Writes the setting under `key`.
pub async fn set(tx: &mut Tx, tenant_id: &str, key: &str, value: &Value) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO configs (tenant_id, key, value) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value";
    let text = json::write("configs.value", value)?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(key).bind(text)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Takes the setting under `key` away; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, key: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM configs WHERE tenant_id = $1 AND key = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(key)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Tenant, key and setting of every tenant.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, String, Value)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, key, value FROM configs ORDER BY tenant_id, key";
    let rows: Vec<(String, String, String)> =
        on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(tenant, key, text)| Ok((tenant, key, json::read("configs.value", &text)?)))
        .collect()
}
