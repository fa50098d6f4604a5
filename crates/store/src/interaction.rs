//! `interactions`: sign-ins in progress, each bound to the browser that began it.

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// A sign-in in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredInteraction {
    /// Hash of its id.
    pub id_hash: String,
    /// Hash of the secret in the browser's cookie.
    pub browser_hash: String,
    /// JSON that the server writes and reads.
    pub value: String,
    /// When it began.
    pub created_at: Time,
    /// When it is forgotten.
    pub expires_at: Time,
}

/// Remembers an interaction.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    interaction: &StoredInteraction,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO interactions (tenant_id, id_hash, browser_hash, value, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&interaction.id_hash).bind(&interaction.browser_hash)
        .bind(&interaction.value).bind(interaction.created_at.0).bind(interaction.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The interaction with this id, when this browser began it and it is not forgotten.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id_hash: &str,
    browser_hash: &str,
    now: Time,
) -> Result<Option<StoredInteraction>, StoreError> {
    const SQL: &str = "SELECT id_hash, browser_hash, value, created_at, expires_at FROM interactions \
        WHERE tenant_id = $1 AND id_hash = $2 AND browser_hash = $3 AND expires_at > $4";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id_hash).bind(browser_hash).bind(now.0).fetch_optional(conn).await)?;
    Ok(row.map(StoredInteraction::from))
}

/// The interaction that this browser began last, for requests that name none.
pub async fn newest_of_browser(
    source: impl Source,
    tenant_id: &str,
    browser_hash: &str,
    now: Time,
) -> Result<Option<StoredInteraction>, StoreError> {
    const SQL: &str = "SELECT id_hash, browser_hash, value, created_at, expires_at FROM interactions \
        WHERE tenant_id = $1 AND browser_hash = $2 AND expires_at > $3 \
        ORDER BY created_at DESC, id_hash LIMIT 1";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(browser_hash).bind(now.0).fetch_optional(conn).await)?;
    Ok(row.map(StoredInteraction::from))
}

/// Writes what the interaction has come to; `false` when it is gone.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    id_hash: &str,
    value: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE interactions SET value = $3 WHERE tenant_id = $1 AND id_hash = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id_hash).bind(value)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends the interaction. `true` for exactly one of racing callers: only that one may answer with a code.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id_hash: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM interactions WHERE tenant_id = $1 AND id_hash = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id_hash)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    id_hash: String,
    browser_hash: String,
    value: String,
    created_at: i64,
    expires_at: i64,
}

impl From<Row> for StoredInteraction {
    fn from(row: Row) -> Self {
        Self {
            id_hash: row.id_hash,
            browser_hash: row.browser_hash,
            value: row.value,
            created_at: Time(row.created_at),
            expires_at: Time(row.expires_at),
        }
    }
}
