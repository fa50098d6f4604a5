//! `one_time_links`: addresses that work once, by the hash of their secret.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// The purpose of the link that makes the first administrator.
pub const FIRST_ADMINISTRATOR: &str = "first_administrator";

/// Remembers a link; earlier ones of the same purpose stop working.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    purpose: &str,
    expires_at: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO one_time_links (tenant_id, hash, purpose, expires_at) \
        VALUES ($1, $2, $3, $4)";
    delete_of_purpose(tx, tenant_id, purpose).await?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(purpose).bind(expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Whether the link would work; it stays usable.
pub async fn is_live(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    purpose: &str,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT hash FROM one_time_links \
        WHERE tenant_id = $1 AND hash = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4";
    let hash: Option<String> = on!(tx, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(hash).bind(purpose).bind(now.0).fetch_optional(conn).await)?;
    Ok(hash.is_some())
}

/// Uses the link up; `true` for exactly one caller.
///
/// Callers with links of one purpose come one after the other, each until its transaction ends: what one does with its
/// link (making the first administrator) the next one sees.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    purpose: &str,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE one_time_links SET used_at = $4 \
        WHERE tenant_id = $1 AND hash = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4";
    lock(tx, tenant_id, purpose).await?;
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(hash).bind(purpose).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Makes every link of a purpose stop working.
pub async fn delete_of_purpose(
    tx: &mut Tx,
    tenant_id: &str,
    purpose: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM one_time_links WHERE tenant_id = $1 AND purpose = $2";
    lock(tx, tenant_id, purpose).await?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(purpose).execute(conn).await.map(drop))?;
    Ok(())
}

async fn lock(tx: &mut Tx, tenant_id: &str, purpose: &str) -> Result<(), StoreError> {
    tx.lock(&format!("one-time link {tenant_id} {purpose}"))
        .await
}
