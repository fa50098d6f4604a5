//! `failed_attempts`: one bucket for each account, whatever identifier was typed (`contract/logto-core.md` §11.1).

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// How many failures are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Failures within the window that lock the bucket.
    pub failures: i64,
    /// Length of the window in seconds.
    pub window: i64,
    /// Length of the lock in seconds.
    pub lock: i64,
}

/// What a bucket has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Failures in the running window.
    pub failures: i64,
    /// Until when nothing is accepted.
    pub locked_until: Option<Time>,
}

/// Counts a failure, in one statement, and returns what the bucket has come to.
///
/// Failures under a lock count for nothing, so nobody can keep another person locked out for ever; a new window begins
/// when the old one, or the lock it led to, is over.
pub async fn record(
    tx: &mut Tx,
    tenant_id: &str,
    bucket: &str,
    limit: Limit,
    now: Time,
) -> Result<State, StoreError> {
    // $3 now, $4 start of the oldest window that still runs, $5 failures allowed, $6 end of a lock that begins now.
    const SQL: &str = "INSERT INTO failed_attempts (tenant_id, bucket, failures, window_started_at, locked_until) \
        VALUES ($1, $2, 1, $3, CASE WHEN 1 >= $5 THEN $6 END) \
        ON CONFLICT (tenant_id, bucket) DO UPDATE SET \
        failures = CASE \
            WHEN failed_attempts.locked_until > $3 THEN failed_attempts.failures \
            WHEN failed_attempts.locked_until <= $3 OR failed_attempts.window_started_at <= $4 THEN 1 \
            ELSE failed_attempts.failures + 1 END, \
        window_started_at = CASE \
            WHEN failed_attempts.locked_until > $3 THEN failed_attempts.window_started_at \
            WHEN failed_attempts.locked_until <= $3 OR failed_attempts.window_started_at <= $4 THEN $3 \
            ELSE failed_attempts.window_started_at END, \
        locked_until = CASE \
            WHEN failed_attempts.locked_until > $3 THEN failed_attempts.locked_until \
            WHEN failed_attempts.locked_until <= $3 OR failed_attempts.window_started_at <= $4 \
                THEN CASE WHEN 1 >= $5 THEN $6 END \
            WHEN failed_attempts.failures + 1 >= $5 THEN $6 END \
        RETURNING failures, locked_until";
    let (failures, locked_until): (i64, Option<i64>) = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(bucket).bind(now.0).bind(now.plus(-limit.window).0)
        .bind(limit.failures).bind(now.plus(limit.lock).0)
        .fetch_one(conn).await)?;
    Ok(State {
        failures,
        locked_until: locked_until.map(Time),
    })
}

/// Until when the bucket is locked; `None` when it is not.
pub async fn locked_until(
    source: impl Source,
    tenant_id: &str,
    bucket: &str,
    now: Time,
) -> Result<Option<Time>, StoreError> {
    const SQL: &str = "SELECT locked_until FROM failed_attempts \
        WHERE tenant_id = $1 AND bucket = $2 AND locked_until > $3";
    let until: Option<i64> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(bucket).bind(now.0).fetch_optional(conn).await)?;
    Ok(until.map(Time))
}

/// Forgets the failures and the lock of a bucket, and of those whose names begin with its name and a dot.
pub async fn reset_all(tx: &mut Tx, tenant_id: &str, bucket: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM failed_attempts WHERE tenant_id = $1 \
        AND (bucket = $2 OR SUBSTR(bucket, 1, LENGTH($2) + 1) = $2 || '.')";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(bucket).execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets the failures and the lock.
pub async fn reset(tx: &mut Tx, tenant_id: &str, bucket: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM failed_attempts WHERE tenant_id = $1 AND bucket = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(bucket).execute(conn).await.map(drop))?;
    Ok(())
}
