//! `rate_limits`: how often something was done, in windows of a fixed length.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// Counts once more and returns how often it was done in the running window, which is `window` seconds long.
pub async fn count(
    tx: &mut Tx,
    tenant_id: &str,
    bucket: &str,
    window: i64,
    now: Time,
) -> Result<i64, StoreError> {
    const SQL: &str = "INSERT INTO rate_limits (tenant_id, bucket, count, window_started_at) VALUES ($1, $2, 1, $3) \
        ON CONFLICT (tenant_id, bucket) DO UPDATE SET \
        count = CASE WHEN rate_limits.window_started_at <= $4 THEN 1 ELSE rate_limits.count + 1 END, \
        window_started_at = CASE WHEN rate_limits.window_started_at <= $4 THEN $3 ELSE rate_limits.window_started_at END \
        RETURNING count";
    Ok(on!(tx, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(bucket).bind(now.0).bind(now.plus(-window).0)
        .fetch_one(conn).await)?)
}
