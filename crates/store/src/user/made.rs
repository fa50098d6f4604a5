//! How many accounts there are, and were made.

use protocol::time::Time;

use crate::{
    db::{Source, on},
    error::StoreError,
};

/// How many accounts were made from `from` until before `until`.
pub async fn made(
    source: impl Source,
    tenant_id: &str,
    from: Time,
    until: Time,
) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM users \
        WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3";
    Ok(
        on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).bind(from.0).bind(until.0)
        .fetch_one(conn).await)?,
    )
}
