//! `sso_connector_signing_keys`: keys that sign our requests to SAML providers; private ones are encrypted at rest.

use protocol::time::Time;
use zeroize::Zeroizing;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    vault::Vault,
};

/// A key that signs our requests to a SAML provider. The private part stays in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoSigningKey {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What the provider is given, as PEM.
    pub certificate: String,
    /// Whether requests are signed with it; one key of a connector at most.
    pub active: bool,
    /// When it was made.
    pub created_at: Time,
    /// When its certificate ends.
    pub expires_at: Time,
}

/// Makes others wait who change the keys of a connector, or whether it signs, until this transaction ends.
pub async fn lock(tx: &mut Tx, tenant_id: &str, connector_id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("sso_connectors/{tenant_id}/{connector_id}"))
        .await
}

/// Remembers a key that is not active; `private_key` is PKCS#8.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    connector_id: &str,
    key: &SsoSigningKey,
    private_key: &[u8],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sso_connector_signing_keys \
        (tenant_id, id, sso_connector_id, certificate, private_key, active, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7)";
    let sealed = vault.seal(&place(tenant_id, &key.id), private_key)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&key.id).bind(connector_id).bind(&key.certificate).bind(&sealed)
        .bind(key.created_at.0).bind(key.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Makes a key the only active one of its connector, or no key: `None`.
pub async fn activate(
    tx: &mut Tx,
    tenant_id: &str,
    connector_id: &str,
    key_id: Option<&str>,
) -> Result<(), StoreError> {
    const OFF: &str = "UPDATE sso_connector_signing_keys SET active = FALSE \
        WHERE tenant_id = $1 AND sso_connector_id = $2 AND active";
    const ON: &str = "UPDATE sso_connector_signing_keys SET active = TRUE \
        WHERE tenant_id = $1 AND sso_connector_id = $2 AND id = $3";
    on!(tx, conn => sqlx::query(OFF).bind(tenant_id).bind(connector_id).execute(conn).await.map(drop))?;
    if let Some(id) = key_id {
        on!(tx, conn => sqlx::query(ON).bind(tenant_id).bind(connector_id).bind(id)
            .execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// The keys of a connector, oldest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    connector_id: &str,
) -> Result<Vec<SsoSigningKey>, StoreError> {
    const SQL: &str = "SELECT id, certificate, active, created_at, expires_at FROM sso_connector_signing_keys \
        WHERE tenant_id = $1 AND sso_connector_id = $2 ORDER BY created_at, id";
    let rows: Vec<(String, String, bool, i64, i64)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(connector_id).fetch_all(conn).await)?;
    let keys =
        rows.into_iter().map(
            |(id, certificate, active, created_at, expires_at)| SsoSigningKey {
                id,
                certificate,
                active,
                created_at: Time(created_at),
                expires_at: Time(expires_at),
            },
        );
    Ok(keys.collect())
}

/// The private part of a key, as PKCS#8; `None` when there is no such key.
pub async fn reveal(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    connector_id: &str,
    id: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    const SQL: &str = "SELECT private_key FROM sso_connector_signing_keys \
        WHERE tenant_id = $1 AND sso_connector_id = $2 AND id = $3";
    let sealed: Option<Vec<u8>> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(connector_id).bind(id).fetch_optional(conn).await)?;
    let opened = sealed.map(|sealed| vault.open(&place(tenant_id, id), &sealed));
    opened.transpose()
}

/// Forgets a key; `false` when there was none.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    connector_id: &str,
    id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM sso_connector_signing_keys \
        WHERE tenant_id = $1 AND sso_connector_id = $2 AND id = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(connector_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("sso_connector_signing_keys/{tenant_id}/{id}")
}
