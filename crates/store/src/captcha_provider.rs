//! `captcha_providers`: who tells people from programs, one per tenant.

use protocol::time::Time;
use serde_json::Value;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
    vault::Vault,
};

/// A provider of captchas.
#[derive(Clone, Debug, PartialEq)]
pub struct CaptchaProvider {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// Its settings, its secret among them.
    pub config: Value,
    /// When it was set up.
    pub created_at: Time,
    /// When it was changed.
    pub updated_at: Time,
}

/// The tenant's provider.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Option<CaptchaProvider>, StoreError> {
    const SQL: &str =
        "SELECT id, config, created_at, updated_at FROM captcha_providers WHERE tenant_id = $1";
    let row: Option<(String, Vec<u8>, i64, i64)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).fetch_optional(conn).await)?;
    row.map(|(id, config, created_at, updated_at)| {
        let config = vault.open(&place(tenant_id), &config)?;
        Ok(CaptchaProvider {
            id,
            config: serde_json::from_slice(&config)
                .map_err(|error| StoreError::corrupt("captcha_providers.config", error))?,
            created_at: Time(created_at),
            updated_at: Time(updated_at),
        })
    })
    .transpose()
}

/// Sets the tenant's provider up, or changes its settings: its id and its age stay.
pub async fn set(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    id: &str,
    config: &Value,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO captcha_providers (tenant_id, id, config, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $4) ON CONFLICT (tenant_id) \
        DO UPDATE SET config = excluded.config, updated_at = excluded.updated_at";
    let config = json::write("captcha_providers.config", config)?;
    let sealed = vault.seal(&place(tenant_id), config.as_bytes())?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(&sealed).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets the tenant's provider; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM captcha_providers WHERE tenant_id = $1";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

fn place(tenant_id: &str) -> String {
    format!("captcha_providers/{tenant_id}")
}
