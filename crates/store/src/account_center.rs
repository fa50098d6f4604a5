//! `account_centers`: what people may see and change of their own account, as JSON.

use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// The tenant's account center; `None` when nobody ever set it.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    const SQL: &str = "SELECT value FROM account_centers WHERE tenant_id = $1";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).fetch_optional(conn).await)?;
    text.map(|text| json::read("account_centers.value", &text))
        .transpose()
}

/// Writes the tenant's account center.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    value: &Map<String, Value>,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO account_centers (tenant_id, value) VALUES ($1, $2) \
        ON CONFLICT (tenant_id) DO UPDATE SET value = excluded.value";
    let text = json::write("account_centers.value", value)?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(text).execute(conn).await.map(drop))?;
    Ok(())
}
