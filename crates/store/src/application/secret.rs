//! `application_secrets`: what applications prove themselves with. Requests are compared with the hash; the secret
//! itself is encrypted, because Logto's API shows it again.

use protocol::{secret::Secret, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    snapshot,
    vault::Vault,
};

/// What is known of a secret without opening it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationSecret {
    /// Unique within the application.
    pub name: String,
    /// What a presented secret's hash is compared with, in constant time.
    pub hash: String,
    /// When it stops working.
    pub expires_at: Option<Time>,
    /// When it was made.
    pub created_at: Time,
}

/// Remembers a secret.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    application_id: &str,
    secret: &ApplicationSecret,
    value: &Secret,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO application_secrets \
        (tenant_id, application_id, name, value, hash, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let sealed = vault.seal(&place(tenant_id, application_id), value.reveal().as_bytes())?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(application_id).bind(&secret.name).bind(&sealed).bind(&secret.hash)
        .bind(secret.expires_at.map(|time| time.0)).bind(secret.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The secrets of an application, expired ones included, oldest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
) -> Result<Vec<ApplicationSecret>, StoreError> {
    const SQL: &str = "SELECT tenant_id, application_id, name, hash, expires_at, created_at FROM application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 ORDER BY created_at, name";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(application_id).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(ApplicationSecret::from).collect())
}

/// The secret itself, for its owner.
pub async fn reveal(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    application_id: &str,
    name: &str,
) -> Result<Option<Secret>, StoreError> {
    const SQL: &str = "SELECT value FROM application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND name = $3";
    let sealed: Option<Vec<u8>> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).bind(name).fetch_optional(conn).await)?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let plain = vault.open(&place(tenant_id, application_id), &sealed)?;
    let text = std::str::from_utf8(&plain)
        .map_err(|error| StoreError::corrupt("application_secrets.value", error))?;
    Ok(Some(Secret::new(text)))
}

/// Gives a secret another name; `false` when there is none.
pub async fn rename(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    name: &str,
    new_name: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE application_secrets SET name = $4 \
        WHERE tenant_id = $1 AND application_id = $2 AND name = $3";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(application_id).bind(name).bind(new_name)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Makes a secret stop working; `false` when there was none.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    name: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM application_secrets \
        WHERE tenant_id = $1 AND application_id = $2 AND name = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(application_id).bind(name)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Tenant, application and secret of every tenant.
pub(crate) async fn load(
    source: impl Source,
) -> Result<Vec<(String, String, ApplicationSecret)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, application_id, name, hash, expires_at, created_at FROM application_secrets \
        ORDER BY tenant_id, application_id, created_at, name";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                row.tenant_id.clone(),
                row.application_id.clone(),
                row.into(),
            )
        })
        .collect())
}

/// The name is not part of it: a secret keeps its value when it gets another name.
fn place(tenant_id: &str, application_id: &str) -> String {
    format!("application_secrets/{tenant_id}/{application_id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: String,
    application_id: String,
    name: String,
    hash: String,
    expires_at: Option<i64>,
    created_at: i64,
}

impl From<Row> for ApplicationSecret {
    fn from(row: Row) -> Self {
        Self {
            name: row.name,
            hash: row.hash,
            expires_at: row.expires_at.map(Time),
            created_at: Time(row.created_at),
        }
    }
}
