//! Removing rows that have expired.

use protocol::time::Time;

use crate::{
    db::{Db, on},
    error::StoreError,
};

/// Rows removed in one transaction: small, so that nobody waits long.
const BATCH: i64 = 500;

/// How long a used code is remembered after it expired, so that a replay still revokes what it gave, in seconds.
const CODE_MEMORY: i64 = 3600;

/// How long the API still shows a one-time token that has expired, in seconds.
const TOKEN_MEMORY: i64 = 30 * 86_400;

/// How long counts are remembered, in seconds: longer than any window.
const WINDOW_MEMORY: i64 = 86_400;

/// How long it is known that a proof at `/me` is too old, in seconds.
const PROOF_MEMORY: i64 = 86_400;

/// How long failures without a running lock are remembered, in seconds: longer than any window.
const FAILURE_MEMORY: i64 = 7 * 86_400;

/// What is removed: a statement with the time ($1) and the size of a batch ($2), and how long after expiry.
///
/// The grants of a session that has ended go before it: without `offline_access` they end with it.
const STATEMENTS: &[(&str, i64)] = &[
    (
        "DELETE FROM grants WHERE (tenant_id, id) IN (SELECT g.tenant_id, g.id FROM grants g \
         JOIN sessions s ON s.tenant_id = g.tenant_id AND s.id = g.session_id \
         WHERE s.expires_at <= $1 AND NOT g.outlives_session LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM sessions WHERE (tenant_id, id) IN \
         (SELECT tenant_id, id FROM sessions WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM interactions WHERE (tenant_id, id_hash) IN \
         (SELECT tenant_id, id_hash FROM interactions WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM pushed_requests WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM pushed_requests WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM one_time_links WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM one_time_links WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM subject_tokens WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM subject_tokens WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM saml_sessions WHERE (tenant_id, state_hash) IN \
         (SELECT tenant_id, state_hash FROM saml_sessions WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM authorization_codes WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM authorization_codes WHERE expires_at <= $1 LIMIT $2)",
        CODE_MEMORY,
    ),
    (
        "DELETE FROM device_codes WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM device_codes WHERE expires_at <= $1 LIMIT $2)",
        CODE_MEMORY,
    ),
    (
        "DELETE FROM access_tokens WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM access_tokens WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM refresh_tokens WHERE (tenant_id, hash) IN \
         (SELECT tenant_id, hash FROM refresh_tokens WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM grants WHERE (tenant_id, id) IN \
         (SELECT tenant_id, id FROM grants WHERE expires_at <= $1 LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM one_time_tokens WHERE (tenant_id, id) IN \
         (SELECT tenant_id, id FROM one_time_tokens WHERE expires_at <= $1 LIMIT $2)",
        TOKEN_MEMORY,
    ),
    (
        "DELETE FROM verification_codes WHERE (tenant_id, id) IN \
         (SELECT tenant_id, id FROM verification_codes WHERE expires_at <= $1 LIMIT $2)",
        CODE_MEMORY,
    ),
    (
        "DELETE FROM rate_limits WHERE (tenant_id, bucket) IN \
         (SELECT tenant_id, bucket FROM rate_limits WHERE window_started_at <= $1 LIMIT $2)",
        WINDOW_MEMORY,
    ),
    (
        "DELETE FROM verification_statuses WHERE (tenant_id, user_id, subject) IN \
         (SELECT tenant_id, user_id, subject FROM verification_statuses WHERE verified_at <= $1 LIMIT $2)",
        PROOF_MEMORY,
    ),
];

const FAILURES: &str = "DELETE FROM failed_attempts WHERE (tenant_id, bucket) IN \
    (SELECT tenant_id, bucket FROM failed_attempts WHERE window_started_at <= $1 \
     AND (locked_until IS NULL OR locked_until <= $1) LIMIT $2)";

/// Removes every row that has expired, a small batch at a time, and returns how many there were. Rows that go because
/// the row they belong to goes are not counted.
pub async fn run(db: &Db, now: Time) -> Result<u64, StoreError> {
    let mut removed = 0;
    for &(sql, memory) in STATEMENTS {
        removed += drain(db, sql, now.plus(-memory)).await?;
    }
    removed += drain(db, FAILURES, now.plus(-FAILURE_MEMORY)).await?;
    Ok(removed)
}

async fn drain(db: &Db, sql: &'static str, until: Time) -> Result<u64, StoreError> {
    let mut removed = 0;
    loop {
        let mut tx = db.begin().await?;
        let rows = on!(tx, conn => sqlx::query(sql).bind(until.0).bind(BATCH)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        removed += rows;
        if rows < BATCH.unsigned_abs() {
            return Ok(removed);
        }
        // Others get their turn.
        tokio::task::yield_now().await;
    }
}
