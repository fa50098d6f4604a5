//! `mfa_verifications`: people's second factors, sealed by the vault.

use identity::mfa::{Factor, MfaVerification};
use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    vault::Vault,
};

const VALUE: &str = "mfa_verifications.value";

/// Adds a factor. Fails with a conflict when the user has an authenticator app or backup codes already, and with
/// [`StoreError::Dangling`] when there is no such user.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    user_id: &str,
    verification: &MfaVerification,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO mfa_verifications (tenant_id, id, user_id, type, value, created_at, last_used_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let plain = serde_json::to_vec(&verification.factor)
        .map_err(|error| StoreError::corrupt(VALUE, error))?;
    let sealed = vault.seal(&place(tenant_id, &verification.id), &plain)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&verification.id).bind(user_id).bind(verification.factor.name()).bind(&sealed)
        .bind(verification.created_at.0).bind(verification.last_used_at.map(|time| time.0))
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The factors of a user, oldest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<MfaVerification>, StoreError> {
    const SQL: &str = "SELECT id, value, created_at, last_used_at FROM mfa_verifications \
        WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at, id";
    let rows: Vec<(String, Vec<u8>, i64, Option<i64>)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, sealed, created_at, last_used_at)| {
            let plain = vault.open(&place(tenant_id, &id), &sealed)?;
            let factor: Factor = serde_json::from_slice(&plain)
                .map_err(|error| StoreError::corrupt(VALUE, error))?;
            Ok(MfaVerification {
                id,
                created_at: Time(created_at),
                last_used_at: last_used_at.map(Time),
                factor,
            })
        })
        .collect()
}

/// Forgets a factor of a user; `false` when there is none.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM mfa_verifications WHERE tenant_id = $1 AND user_id = $2 AND id = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("{VALUE}/{tenant_id}/{id}")
}
