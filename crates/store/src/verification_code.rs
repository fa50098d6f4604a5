//! `verification_codes`: codes that were sent, by recipient and purpose; only their hashes.

use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// Whom a code was sent to and what for. No code is good for anything else (attack T14).
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// An address or a number, as it is compared.
    pub recipient: &'a str,
    /// What it proves.
    pub purpose: &'a str,
    /// The sign-in to which it belongs; empty where there is none.
    pub interaction: &'a str,
}

/// A code that is still of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationCode {
    /// Of the code.
    pub id: String,
    /// A keyed hash: six digits are soon tried.
    pub hash: String,
    /// How often it was tried, now among them.
    pub tries: i64,
    /// When it stops being good.
    pub expires_at: Time,
}

/// Remembers a code in place of the one before.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    place: Place<'_>,
    code: &VerificationCode,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO verification_codes \
        (tenant_id, id, recipient, purpose, interaction, code_hash, tries, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) \
        ON CONFLICT (tenant_id, recipient, purpose, interaction) WHERE used_at IS NULL DO UPDATE SET \
        id = excluded.id, code_hash = excluded.code_hash, tries = 0, \
        created_at = excluded.created_at, expires_at = excluded.expires_at";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&code.id).bind(place.recipient).bind(place.purpose).bind(place.interaction)
        .bind(&code.hash).bind(now.0).bind(code.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Counts a try and returns the code that it has to be compared with; `None` when there is none.
pub async fn try_once(
    tx: &mut Tx,
    tenant_id: &str,
    place: Place<'_>,
) -> Result<Option<VerificationCode>, StoreError> {
    const SQL: &str = "UPDATE verification_codes SET tries = tries + 1 \
        WHERE tenant_id = $1 AND recipient = $2 AND purpose = $3 AND interaction = $4 AND used_at IS NULL \
        RETURNING id, code_hash, tries, expires_at";
    let row: Option<(String, String, i64, i64)> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(place.recipient).bind(place.purpose).bind(place.interaction)
        .fetch_optional(conn).await)?;
    Ok(row.map(|(id, hash, tries, expires_at)| VerificationCode {
        id,
        hash,
        tries,
        expires_at: Time(expires_at),
    }))
}

/// Uses a code up; `true` for exactly one caller.
pub async fn take(tx: &mut Tx, tenant_id: &str, id: &str, now: Time) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE verification_codes SET used_at = $3 \
        WHERE tenant_id = $1 AND id = $2 AND used_at IS NULL";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
