//! `deliveries`: calls to the outside that must not be lost.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// A call that waits to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whose.
    pub tenant_id: String,
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What it is, such as `backchannel_logout`.
    pub kind: String,
    /// Where to.
    pub url: String,
    /// What is posted.
    pub body: String,
    /// How often it was tried, the try that was just claimed included.
    pub attempts: i64,
}

/// Queues a call; it is due at once.
pub async fn enqueue(tx: &mut Tx, delivery: &Delivery, now: Time) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO deliveries (tenant_id, id, kind, url, body, attempts, next_attempt_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(&delivery.tenant_id).bind(&delivery.id).bind(&delivery.kind).bind(&delivery.url)
        .bind(&delivery.body).bind(delivery.attempts).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Takes up to `limit` calls that are due. For `lease` seconds nobody else gets them; a node that dies gives them back so.
pub async fn claim(
    tx: &mut Tx,
    limit: i64,
    lease: i64,
    now: Time,
) -> Result<Vec<Delivery>, StoreError> {
    // The outer condition is checked again when two nodes chose the same rows: the second one gets none of them.
    const SQL: &str = "UPDATE deliveries SET next_attempt_at = $3, attempts = attempts + 1 \
        WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM deliveries WHERE next_attempt_at <= $1 \
            ORDER BY next_attempt_at, id LIMIT $2) AND next_attempt_at <= $1 \
        RETURNING tenant_id, id, kind, url, body, attempts";
    let rows: Vec<Row> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(now.0).bind(limit).bind(now.plus(lease).0).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// Forgets a call that was made, or given up.
pub async fn done(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM deliveries WHERE tenant_id = $1 AND id = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).execute(conn).await.map(drop))?;
    Ok(())
}

/// Puts a call that failed off until `next_attempt_at`.
pub async fn retry(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    error: &str,
    next_attempt_at: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE deliveries SET next_attempt_at = $3, last_error = $4 \
        WHERE tenant_id = $1 AND id = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(next_attempt_at.0).bind(error)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// When to try again after `attempts` failures: 10 s, doubled each time, at most an hour.
pub fn backoff(attempts: i64, now: Time) -> Time {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 9)).unwrap_or(9);
    now.plus((10_i64 << doublings).min(3600))
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: String,
    id: String,
    kind: String,
    url: String,
    body: String,
    attempts: i64,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
        Self {
            tenant_id: row.tenant_id,
            id: row.id,
            kind: row.kind,
            url: row.url,
            body: row.body,
            attempts: row.attempts,
        }
    }
}
