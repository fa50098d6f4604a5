//! `sign_in_experiences`: how each tenant's sign-in looks and works, as JSON.

use serde_json::Value;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
};

/// The tenant's sign-in experience.
pub async fn find(source: impl Source, tenant_id: &str) -> Result<Option<Value>, StoreError> {
    const SQL: &str = "SELECT value FROM sign_in_experiences WHERE tenant_id = $1";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).fetch_optional(conn).await)?;
    text.map(|text| json::read("sign_in_experiences.value", &text))
        .transpose()
}

/// Writes the tenant's sign-in experience.
pub async fn set(tx: &mut Tx, tenant_id: &str, value: &Value) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sign_in_experiences (tenant_id, value) VALUES ($1, $2) \
        ON CONFLICT (tenant_id) DO UPDATE SET value = excluded.value";
    let text = json::write("sign_in_experiences.value", value)?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(text).execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Tenant and sign-in experience of every tenant.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, Value)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, value FROM sign_in_experiences ORDER BY tenant_id";
    let rows: Vec<(String, String)> =
        on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(tenant, text)| Ok((tenant, json::read("sign_in_experiences.value", &text)?)))
        .collect()
}
