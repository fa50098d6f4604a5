//! `signing_keys`: the private keys of tenants, encrypted at rest, and their rotation (`contract/logto-core.md` §3.7).

use protocol::{
    jose::{KeyStatus, SigningAlgorithm, SigningKey},
    time::Time,
};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
    vault::Vault,
};

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct StoredSigningKey {
    /// The key; its `kid` is its id here.
    pub key: SigningKey,
    /// Where it stands in its rotation.
    pub status: KeyStatus,
    /// When it was made.
    pub created_at: Time,
}

/// How a new key comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It signs from now on.
    AtOnce,
    /// It is published, and signs when [`promote`] is called.
    Staged,
}

/// Remembers a key.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    stored: &StoredSigningKey,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO signing_keys (tenant_id, id, algorithm, private_key, status, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let id = stored.key.kid();
    let der = stored
        .key
        .to_pkcs8()
        .map_err(|error| StoreError::corrupt("signing_keys.private_key", error))?;
    let sealed = vault.seal(&place(tenant_id, id), &der)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id)
        .bind(json::name("signing_keys.algorithm", &stored.key.algorithm())?)
        .bind(&sealed)
        .bind(json::name("signing_keys.status", &stored.status)?)
        .bind(stored.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The tenant's keys, newest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Vec<StoredSigningKey>, StoreError> {
    let rows = rows(source, vault, Some(tenant_id)).await?;
    Ok(rows.into_iter().map(|(_, key)| key).collect())
}

/// Brings a new key in for its algorithm.
///
/// At once: the current key becomes the previous one, and the previous one goes; `false`, and nothing changes, when
/// another key is staged. Staged: it takes the place of a key that is staged already.
pub async fn rotate(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    key: &SigningKey,
    rotation: Rotation,
    now: Time,
) -> Result<bool, StoreError> {
    let algorithm = key.algorithm();
    lock(tx, tenant_id).await?;
    let status = match rotation {
        Rotation::Staged => {
            drop_status(tx, tenant_id, algorithm, KeyStatus::Next).await?;
            KeyStatus::Next
        }
        Rotation::AtOnce => {
            if has_status(tx, tenant_id, algorithm, KeyStatus::Next).await? {
                return Ok(false);
            }
            retire_current(tx, tenant_id, algorithm).await?;
            KeyStatus::Current
        }
    };
    let stored = StoredSigningKey {
        key: key.clone(),
        status,
        created_at: now,
    };
    insert(tx, vault, tenant_id, &stored).await?;
    Ok(true)
}

/// Lets the staged key of an algorithm sign; `false` when none is staged.
pub async fn promote(
    tx: &mut Tx,
    tenant_id: &str,
    algorithm: SigningAlgorithm,
) -> Result<bool, StoreError> {
    lock(tx, tenant_id).await?;
    if !has_status(tx, tenant_id, algorithm, KeyStatus::Next).await? {
        return Ok(false);
    }
    retire_current(tx, tenant_id, algorithm).await?;
    change_status(
        tx,
        tenant_id,
        algorithm,
        KeyStatus::Next,
        KeyStatus::Current,
    )
    .await?;
    snapshot::bump(tx).await?;
    Ok(true)
}

/// Forgets a key; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, kid: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM signing_keys WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(kid)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Tenant and key, of one tenant or of all.
pub(crate) async fn rows(
    source: impl Source,
    vault: &Vault,
    tenant_id: Option<&str>,
) -> Result<Vec<(String, StoredSigningKey)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, private_key, status, created_at FROM signing_keys \
        WHERE CAST($1 AS TEXT) IS NULL OR tenant_id = $1 ORDER BY tenant_id, created_at DESC, id";
    let rows: Vec<(String, String, Vec<u8>, String, i64)> =
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(tenant, id, sealed, status, created_at)| {
            let der = vault.open(&place(&tenant, &id), &sealed)?;
            let stored = StoredSigningKey {
                key: SigningKey::from_der(&der)
                    .map_err(|error| StoreError::corrupt("signing_keys.private_key", error))?,
                status: json::named("signing_keys.status", status)?,
                created_at: Time(created_at),
            };
            Ok((tenant, stored))
        })
        .collect()
}

/// Two rotations at once would both find the same current key.
async fn lock(tx: &mut Tx, tenant_id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("signing keys {tenant_id}")).await
}

async fn retire_current(
    tx: &mut Tx,
    tenant_id: &str,
    algorithm: SigningAlgorithm,
) -> Result<(), StoreError> {
    if has_status(tx, tenant_id, algorithm, KeyStatus::Current).await? {
        drop_status(tx, tenant_id, algorithm, KeyStatus::Previous).await?;
    }
    change_status(
        tx,
        tenant_id,
        algorithm,
        KeyStatus::Current,
        KeyStatus::Previous,
    )
    .await
}

async fn has_status(
    tx: &mut Tx,
    tenant_id: &str,
    algorithm: SigningAlgorithm,
    status: KeyStatus,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM signing_keys \
        WHERE tenant_id = $1 AND algorithm = $2 AND status = $3";
    let count: i64 = on!(tx, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id)
        .bind(json::name("signing_keys.algorithm", &algorithm)?)
        .bind(json::name("signing_keys.status", &status)?)
        .fetch_one(conn).await)?;
    Ok(count > 0)
}

async fn drop_status(
    tx: &mut Tx,
    tenant_id: &str,
    algorithm: SigningAlgorithm,
    status: KeyStatus,
) -> Result<(), StoreError> {
    const SQL: &str =
        "DELETE FROM signing_keys WHERE tenant_id = $1 AND algorithm = $2 AND status = $3";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id)
        .bind(json::name("signing_keys.algorithm", &algorithm)?)
        .bind(json::name("signing_keys.status", &status)?)
        .execute(conn).await.map(drop))?;
    Ok(())
}

async fn change_status(
    tx: &mut Tx,
    tenant_id: &str,
    algorithm: SigningAlgorithm,
    from: KeyStatus,
    to: KeyStatus,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE signing_keys SET status = $4 \
        WHERE tenant_id = $1 AND algorithm = $2 AND status = $3";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id)
        .bind(json::name("signing_keys.algorithm", &algorithm)?)
        .bind(json::name("signing_keys.status", &from)?)
        .bind(json::name("signing_keys.status", &to)?)
        .execute(conn).await.map(drop))?;
    Ok(())
}

fn place(tenant_id: &str, kid: &str) -> String {
    format!("signing_keys/{tenant_id}/{kid}")
}
