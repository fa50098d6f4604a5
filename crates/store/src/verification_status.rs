//! `verification_statuses`: what people have just proven of themselves in the console.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// Remembers that somebody proved something at `now`.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    subject: &str,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO verification_statuses (tenant_id, user_id, subject, verified_at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, user_id, subject) \
        DO UPDATE SET verified_at = excluded.verified_at";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(subject).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// When somebody proved it; the proof is used up.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    subject: &str,
) -> Result<Option<Time>, StoreError> {
    const SQL: &str = "DELETE FROM verification_statuses \
        WHERE tenant_id = $1 AND user_id = $2 AND subject = $3 RETURNING verified_at";
    let at: Option<i64> = on!(tx, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(user_id).bind(subject).fetch_optional(conn).await)?;
    Ok(at.map(Time))
}
