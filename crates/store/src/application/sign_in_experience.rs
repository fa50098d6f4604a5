//! `application_sign_in_experiences`: what an application shows instead of the tenant's sign-in experience, as JSON.

use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
};

const VALUE: &str = "application_sign_in_experiences.value";

/// The application's sign-in experience.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    const SQL: &str = "SELECT value FROM application_sign_in_experiences WHERE tenant_id = $1 AND application_id = $2";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).fetch_optional(conn).await)?;
    text.map(|text| json::read(VALUE, &text)).transpose()
}

/// Writes the application's sign-in experience.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    value: &Map<String, Value>,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO application_sign_in_experiences (tenant_id, application_id, value) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant_id, application_id) DO UPDATE SET value = excluded.value";
    let text = json::write(VALUE, value)?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(application_id).bind(text)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Tenant, application and experience of every application that has one.
pub(crate) async fn load(
    source: impl Source,
) -> Result<Vec<(String, String, Map<String, Value>)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, application_id, value FROM application_sign_in_experiences \
        ORDER BY tenant_id, application_id";
    let rows: Vec<(String, String, String)> =
        on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(tenant, application, text)| Ok((tenant, application, json::read(VALUE, &text)?)))
        .collect()
}
