//! `saml_sessions`: requests of service providers while their people sign in, by the hash of their state.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// A request that waits for its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlSession {
    /// The application that asks.
    pub application_id: String,
    /// The id of its request, which the answer names.
    pub request_id: String,
    /// What it wants back beside the answer.
    pub relay_state: Option<String>,
    /// Whether the person shall not see anything of ours.
    pub is_passive: bool,
    /// When it came.
    pub created_at: Time,
    /// When it is forgotten.
    pub expires_at: Time,
}

/// Remembers a request of the browser whose secret has this hash.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    state_hash: &str,
    browser_hash: &str,
    session: &SamlSession,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO saml_sessions \
        (tenant_id, state_hash, browser_hash, application_id, request_id, relay_state, is_passive, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(state_hash).bind(browser_hash)
        .bind(&session.application_id).bind(&session.request_id).bind(&session.relay_state)
        .bind(session.is_passive).bind(session.created_at.0).bind(session.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Takes the request of an application away to answer it, unless it has expired or another browser brought it. One guarded statement: of
/// racing answers exactly one gets it.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    state_hash: &str,
    browser_hash: &str,
    now: Time,
) -> Result<Option<SamlSession>, StoreError> {
    const SQL: &str = "DELETE FROM saml_sessions WHERE tenant_id = $1 AND application_id = $2 \
        AND state_hash = $3 AND browser_hash = $4 AND expires_at > $5 \
        RETURNING application_id, request_id, relay_state, is_passive, created_at, expires_at";
    let row: Option<(String, String, Option<String>, bool, i64, i64)> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(application_id).bind(state_hash).bind(browser_hash).bind(now.0)
        .fetch_optional(conn).await)?;
    Ok(row.map(|row| SamlSession {
        application_id: row.0,
        request_id: row.1,
        relay_state: row.2,
        is_passive: row.3,
        created_at: Time(row.4),
        expires_at: Time(row.5),
    }))
}
