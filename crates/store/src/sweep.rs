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

/// Deletes a batch ($2) of the rows of a table whose time is past ($1); a row is found by what stands beside `tenant_id` in its key.
macro_rules! rows_past {
    ($table:literal, $key:literal, $time:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (tenant_id, ",
            $key,
            ") IN (SELECT tenant_id, ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $time,
            " <= $1 LIMIT $2)"
        )
    };
}

/// The grants of a session that has ended go before it: without `offline_access` they end with it.
const GRANTS_OF_SESSIONS: &str = "DELETE FROM grants WHERE (tenant_id, id) IN \
    (SELECT g.tenant_id, g.id FROM grants g \
     JOIN sessions s ON s.tenant_id = g.tenant_id AND s.id = g.session_id \
     WHERE s.expires_at <= $1 AND NOT g.outlives_session LIMIT $2)";

const FAILURES: &str = "DELETE FROM failed_attempts WHERE (tenant_id, bucket) IN \
    (SELECT tenant_id, bucket FROM failed_attempts WHERE window_started_at <= $1 \
     AND (locked_until IS NULL OR locked_until <= $1) LIMIT $2)";

/// What is removed, in this order: a statement, and how many seconds after its time a row goes.
const STATEMENTS: &[(&str, i64)] = &[
    (GRANTS_OF_SESSIONS, 0),
    (rows_past!("sessions", "id", "expires_at"), 0),
    (rows_past!("interactions", "id_hash", "expires_at"), 0),
    (rows_past!("pushed_requests", "hash", "expires_at"), 0),
    (rows_past!("one_time_links", "hash", "expires_at"), 0),
    (rows_past!("subject_tokens", "hash", "expires_at"), 0),
    (rows_past!("saml_sessions", "state_hash", "expires_at"), 0),
    (
        rows_past!("authorization_codes", "hash", "expires_at"),
        CODE_MEMORY,
    ),
    (
        rows_past!("device_codes", "hash", "expires_at"),
        CODE_MEMORY,
    ),
    (rows_past!("access_tokens", "hash", "expires_at"), 0),
    (rows_past!("refresh_tokens", "hash", "expires_at"), 0),
    (rows_past!("grants", "id", "expires_at"), 0),
    (
        rows_past!("one_time_tokens", "id", "expires_at"),
        TOKEN_MEMORY,
    ),
    (
        rows_past!("verification_codes", "id", "expires_at"),
        CODE_MEMORY,
    ),
    (
        rows_past!("rate_limits", "bucket", "window_started_at"),
        WINDOW_MEMORY,
    ),
    (
        rows_past!("verification_statuses", "user_id, subject", "verified_at"),
        PROOF_MEMORY,
    ),
    (FAILURES, FAILURE_MEMORY),
];

/// Removes every row that has expired, a small batch at a time, and returns how many there were. Rows that go because
/// the row they belong to goes are not counted.
pub async fn run(db: &Db, now: Time) -> Result<u64, StoreError> {
    let mut removed = 0;
    for &(sql, memory) in STATEMENTS {
        removed += drain(db, sql, now.plus(-memory)).await?;
    }
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
