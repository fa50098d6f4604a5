//! `cookie_keys`: what cookies and form tokens are signed with, encrypted at rest.

use protocol::time::Time;
use zeroize::Zeroizing;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    snapshot,
    vault::Vault,
};

/// One key.
#[derive(Clone)]
pub struct CookieKey {
    /// Its name.
    pub id: String,
    /// Its bytes.
    pub value: Zeroizing<Vec<u8>>,
    /// When it was made.
    pub created_at: Time,
}

impl std::fmt::Debug for CookieKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CookieKey({})", self.id)
    }
}

/// Remembers a key.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    key: &CookieKey,
) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO cookie_keys (tenant_id, id, value, created_at) VALUES ($1, $2, $3, $4)";
    let sealed = vault.seal(&place(tenant_id, &key.id), &key.value)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&key.id).bind(sealed).bind(key.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The tenant's keys, newest first: the first signs, all verify.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Vec<CookieKey>, StoreError> {
    let rows = rows(source, vault, Some(tenant_id)).await?;
    Ok(rows.into_iter().map(|(_, key)| key).collect())
}

/// Forgets a key; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM cookie_keys WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Tenant and key, of one tenant or of all.
pub(crate) async fn rows(
    source: impl Source,
    vault: &Vault,
    tenant_id: Option<&str>,
) -> Result<Vec<(String, CookieKey)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, value, created_at FROM cookie_keys \
        WHERE CAST($1 AS TEXT) IS NULL OR tenant_id = $1 ORDER BY tenant_id, created_at DESC, id";
    let rows: Vec<(String, String, Vec<u8>, i64)> =
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(tenant, id, sealed, created_at)| {
            let value = vault.open(&place(&tenant, &id), &sealed)?;
            let key = CookieKey {
                id,
                value,
                created_at: Time(created_at),
            };
            Ok((tenant, key))
        })
        .collect()
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("cookie_keys/{tenant_id}/{id}")
}
