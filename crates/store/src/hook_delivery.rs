//! `hook_deliveries`: what waits to be told to hooks.

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// An event that waits to be told to one hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDelivery {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The hook.
    pub hook_id: String,
    /// The event's name.
    pub event: String,
    /// What it is about, such as a user's id: what concerns one subject is told in order.
    pub subject: String,
    /// The exact bytes that are posted.
    pub body: String,
    /// How often it was tried, the try that was just claimed included.
    pub attempts: i64,
}

/// A hook that something waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Waiting {
    /// Whose.
    pub tenant_id: String,
    /// The hook.
    pub hook_id: String,
}

/// Queues an event behind those of the same subject; it is due at once.
///
/// Of two transactions that change one subject the second has waited for the first, so it stands behind.
pub async fn enqueue(
    tx: &mut Tx,
    tenant_id: &str,
    delivery: &HookDelivery,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO hook_deliveries \
        (tenant_id, id, hook_id, event, subject, sequence, body, attempts, next_attempt_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM hook_deliveries \
            WHERE tenant_id = $1 AND hook_id = $3 AND subject = $5), $6, $7, $8, $8)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&delivery.id).bind(&delivery.hook_id).bind(&delivery.event)
        .bind(&delivery.subject).bind(&delivery.body).bind(delivery.attempts).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The enabled hooks for which something is due.
pub async fn waiting(source: impl Source, now: Time) -> Result<Vec<Waiting>, StoreError> {
    const SQL: &str = "SELECT h.tenant_id, h.id AS hook_id FROM hooks h WHERE h.enabled AND EXISTS \
        (SELECT 1 FROM hook_deliveries d WHERE d.tenant_id = h.tenant_id AND d.hook_id = h.id AND d.next_attempt_at <= $1) \
        ORDER BY h.tenant_id, h.created_at, h.id";
    Ok(on!(source, conn => sqlx::query_as(SQL).bind(now.0).fetch_all(conn).await)?)
}

/// Takes up to `limit` events that are due for a hook and have none of their subject before them. For `lease` seconds nobody else
/// gets them; a node that dies gives them back so.
pub async fn claim(
    tx: &mut Tx,
    hook: &Waiting,
    limit: i64,
    lease: i64,
    now: Time,
) -> Result<Vec<HookDelivery>, StoreError> {
    // The outer condition is checked again when two nodes chose the same rows: the second one gets none of them.
    const SQL: &str = "UPDATE hook_deliveries SET next_attempt_at = $5, attempts = attempts + 1 \
        WHERE tenant_id = $1 AND id IN (SELECT d.id FROM hook_deliveries d \
            WHERE d.tenant_id = $1 AND d.hook_id = $2 AND d.next_attempt_at <= $3 \
            AND NOT EXISTS (SELECT 1 FROM hook_deliveries e WHERE e.tenant_id = $1 AND e.hook_id = $2 \
                AND e.subject = d.subject AND (e.sequence, e.id) < (d.sequence, d.id)) \
            ORDER BY d.next_attempt_at, d.sequence, d.id LIMIT $4) AND next_attempt_at <= $3 \
        RETURNING id, hook_id, event, subject, body, attempts";
    let rows: Vec<Row> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(&hook.tenant_id).bind(&hook.hook_id).bind(now.0).bind(limit).bind(now.plus(lease).0)
        .fetch_all(conn).await)?;
    Ok(rows.into_iter().map(HookDelivery::from).collect())
}

/// Forgets an event that was told, or given up; `false` when somebody else has taken it since.
pub async fn done(
    tx: &mut Tx,
    tenant_id: &str,
    delivery: &HookDelivery,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM hook_deliveries WHERE tenant_id = $1 AND id = $2 AND attempts = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(&delivery.id).bind(delivery.attempts)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Puts an event that could not be told off until `next_attempt_at`, unless somebody else has taken it since.
pub async fn retry(
    tx: &mut Tx,
    tenant_id: &str,
    delivery: &HookDelivery,
    next_attempt_at: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE hook_deliveries SET next_attempt_at = $4 \
        WHERE tenant_id = $1 AND id = $2 AND attempts = $3";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&delivery.id).bind(delivery.attempts).bind(next_attempt_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    hook_id: String,
    event: String,
    subject: String,
    body: String,
    attempts: i64,
}

impl From<Row> for HookDelivery {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            hook_id: row.hook_id,
            event: row.event,
            subject: row.subject,
            body: row.body,
            attempts: row.attempts,
        }
    }
}
