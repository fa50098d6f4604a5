//! `saml_application_secrets`: keys that sign our answers to service providers; private ones are encrypted at rest.

use protocol::time::Time;
use zeroize::Zeroizing;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    vault::Vault,
};

/// A key that signs our answers to a service provider. The private part stays in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlApplicationSecret {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What the service provider is given, as PEM.
    pub certificate: String,
    /// Whether answers are signed with it; one key of an application at most.
    pub active: bool,
    /// When it was made.
    pub created_at: Time,
    /// When its certificate ends.
    pub expires_at: Time,
}

/// The key that signs.
#[derive(Clone, Debug)]
pub struct ActiveSecret {
    /// Its certificate, as PEM.
    pub certificate: String,
    /// PKCS#8.
    pub private_key: Zeroizing<Vec<u8>>,
}

/// Makes others wait who change the keys of an application until this transaction ends.
pub async fn lock(tx: &mut Tx, tenant_id: &str, application_id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("saml_applications/{tenant_id}/{application_id}"))
        .await
}

/// Remembers a key; `private_key` is PKCS#8.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    application_id: &str,
    secret: &SamlApplicationSecret,
    private_key: &[u8],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO saml_application_secrets \
        (tenant_id, id, application_id, certificate, private_key, active, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let sealed = vault.seal(&place(tenant_id, &secret.id), private_key)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&secret.id).bind(application_id).bind(&secret.certificate).bind(&sealed)
        .bind(secret.active).bind(secret.created_at.0).bind(secret.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Makes a key the only active one of its application, or no key: `None`.
pub async fn activate(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    id: Option<&str>,
) -> Result<(), StoreError> {
    const OFF: &str = "UPDATE saml_application_secrets SET active = FALSE \
        WHERE tenant_id = $1 AND application_id = $2 AND active";
    const ON: &str = "UPDATE saml_application_secrets SET active = TRUE \
        WHERE tenant_id = $1 AND application_id = $2 AND id = $3";
    on!(tx, conn => sqlx::query(OFF).bind(tenant_id).bind(application_id).execute(conn).await.map(drop))?;
    if let Some(id) = id {
        on!(tx, conn => sqlx::query(ON).bind(tenant_id).bind(application_id).bind(id)
            .execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// The keys of an application, oldest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<Vec<SamlApplicationSecret>, StoreError> {
    const SQL: &str = "SELECT id, certificate, active, created_at, expires_at FROM saml_application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 ORDER BY created_at, id";
    let rows: Vec<(String, String, bool, i64, i64)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(application_id).fetch_all(conn).await)?;
    let secrets = rows.into_iter().map(|row| SamlApplicationSecret {
        id: row.0,
        certificate: row.1,
        active: row.2,
        created_at: Time(row.3),
        expires_at: Time(row.4),
    });
    Ok(secrets.collect())
}

/// The certificate of the key that signs, as PEM.
pub async fn active_certificate(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT certificate FROM saml_application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND active";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).fetch_optional(conn).await)?)
}

/// The key that signs.
pub async fn active(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    application_id: &str,
) -> Result<Option<ActiveSecret>, StoreError> {
    const SQL: &str = "SELECT id, certificate, private_key FROM saml_application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND active";
    let row: Option<(String, String, Vec<u8>)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(application_id).fetch_optional(conn).await)?;
    row.map(|(id, certificate, sealed)| {
        Ok(ActiveSecret {
            certificate,
            private_key: vault.open(&place(tenant_id, &id), &sealed)?,
        })
    })
    .transpose()
}

/// The private part of a key, as PKCS#8; `None` when there is no such key.
pub async fn reveal(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    application_id: &str,
    id: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    const SQL: &str = "SELECT private_key FROM saml_application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND id = $3";
    let sealed: Option<Vec<u8>> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).bind(id).fetch_optional(conn).await)?;
    let opened = sealed.map(|sealed| vault.open(&place(tenant_id, id), &sealed));
    opened.transpose()
}

/// Forgets a key that signs nothing; `false` when there was none.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM saml_application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND id = $3 AND NOT active";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(application_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("saml_application_secrets/{tenant_id}/{id}")
}
