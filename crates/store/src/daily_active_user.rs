//! `daily_active_users`: who was active on which day. Days are counted from 1970, in UTC.

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
};

/// Rows removed in one transaction.
const BATCH: i64 = 500;

/// Remembers that somebody was active on a day.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    day: i64,
    user_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO daily_active_users (tenant_id, day, user_id) VALUES ($1, $2, $3) \
        ON CONFLICT (tenant_id, day, user_id) DO NOTHING";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(day).bind(user_id)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// How many people were active from the day `from` to the day `until`, both included: each counts once.
pub async fn count(
    source: impl Source,
    tenant_id: &str,
    from: i64,
    until: i64,
) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(DISTINCT user_id) FROM daily_active_users \
        WHERE tenant_id = $1 AND day >= $2 AND day <= $3";
    Ok(
        on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).bind(from).bind(until)
        .fetch_one(conn).await)?,
    )
}

/// Day and number of the people who were active on it, from the day `from` to the day `until`; days without anybody are left out.
pub async fn by_day(
    source: impl Source,
    tenant_id: &str,
    from: i64,
    until: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    const SQL: &str = "SELECT day, COUNT(*) FROM daily_active_users \
        WHERE tenant_id = $1 AND day >= $2 AND day <= $3 GROUP BY day ORDER BY day";
    Ok(
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).bind(from).bind(until)
        .fetch_all(conn).await)?,
    )
}

/// Forgets who was active before the day `before`, a small batch at a time, and returns how many rows there were.
pub async fn forget(db: &Db, tenant_id: &str, before: i64) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM daily_active_users WHERE tenant_id = $1 AND (day, user_id) IN \
        (SELECT day, user_id FROM daily_active_users WHERE tenant_id = $1 AND day < $2 ORDER BY day, user_id LIMIT $3)";
    let mut removed = 0;
    loop {
        let mut tx = db.begin().await?;
        let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(before).bind(BATCH)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        removed += rows;
        if rows < BATCH.unsigned_abs() {
            return Ok(removed);
        }
        tokio::task::yield_now().await;
    }
}
