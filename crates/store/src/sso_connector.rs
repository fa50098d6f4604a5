//! `sso_connectors`: identity providers of enterprises; their configuration is encrypted at rest.

use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
    statement::{Listed, Page, Statement},
    vault::Vault,
};

/// The identity provider of an enterprise.
#[derive(Clone, PartialEq)]
pub struct SsoConnector {
    /// 12 lower-case letters and digits.
    pub id: String,
    /// Its kind, such as `AzureAdOidc`.
    pub provider_name: String,
    /// What administrators call it.
    pub connector_name: String,
    /// What its kind asks for; secrets are among it.
    pub config: Map<String, Value>,
    /// Whose people sign in with it, by the domain of their address.
    pub domains: Vec<String>,
    /// What people see of it.
    pub branding: Map<String, Value>,
    /// Whether name and picture are taken over at every sign-in.
    pub sync_profile: bool,
    /// Whether the provider's tokens are kept.
    pub stores_tokens: bool,
    /// When it was made.
    pub created_at: Time,
}

/// The configuration stays out of logs.
impl std::fmt::Debug for SsoConnector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SsoConnector")
            .field("id", &self.id)
            .field("provider_name", &self.provider_name)
            .finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, provider_name, connector_name, config, domains, branding, sync_profile, enable_token_storage, created_at";

/// Remembers a connector. Fails when its name is taken.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    connector: &SsoConnector,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sso_connectors (tenant_id, id, provider_name, connector_name, config, domains, \
        branding, sync_profile, enable_token_storage, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let (config, domains, branding) = texts(vault, tenant_id, connector)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&connector.id).bind(&connector.provider_name).bind(&connector.connector_name)
        .bind(&config).bind(&domains).bind(&branding)
        .bind(connector.sync_profile).bind(connector.stores_tokens).bind(connector.created_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes everything of a connector but its kind; `false` when there is none. Fails when its name is taken.
pub async fn update(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    connector: &SsoConnector,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE sso_connectors SET connector_name = $3, config = $4, domains = $5, branding = $6, \
        sync_profile = $7, enable_token_storage = $8 WHERE tenant_id = $1 AND id = $2";
    let (config, domains, branding) = texts(vault, tenant_id, connector)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&connector.id).bind(&connector.connector_name)
        .bind(&config).bind(&domains).bind(&branding)
        .bind(connector.sync_profile).bind(connector.stores_tokens)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets a connector with all that people have at it; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM sso_connectors WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The connector with this id.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    id: &str,
) -> Result<Option<SsoConnector>, StoreError> {
    let found = find_by_ids(source, vault, tenant_id, &[id.to_owned()]).await?;
    Ok(found.into_iter().next())
}

/// All connectors of a tenant, oldest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Vec<SsoConnector>, StoreError> {
    let mut statement = matching(COLUMNS, tenant_id);
    statement.push(" ORDER BY created_at, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter()
        .map(|row| row.open(vault, tenant_id))
        .collect()
}

/// Those of these connectors that exist, oldest first.
pub async fn find_by_ids(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    ids: &[String],
) -> Result<Vec<SsoConnector>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = matching(COLUMNS, tenant_id);
    statement.push(" AND id IN (").bind_all(ids.iter().cloned());
    statement.push(") ORDER BY created_at, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter()
        .map(|row| row.open(vault, tenant_id))
        .collect()
}

/// A page of connectors, oldest first.
pub async fn page(
    db: &Db,
    vault: &Vault,
    tenant_id: &str,
    page: Page,
) -> Result<Listed<SsoConnector>, StoreError> {
    let mut statement = matching(COLUMNS, tenant_id);
    statement.push(" ORDER BY created_at, id").page(page);
    let rows: Vec<Row> = statement.all(db).await?;
    let rows = rows.into_iter().map(|row| row.open(vault, tenant_id));
    Ok(Listed {
        rows: rows.collect::<Result<_, _>>()?,
        total: matching("COUNT(*)", tenant_id).number(db).await?,
    })
}

fn matching(columns: &str, tenant_id: &str) -> Statement {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(columns)
        .push(" FROM sso_connectors WHERE tenant_id = ")
        .bind(tenant_id);
    statement
}

fn texts(
    vault: &Vault,
    tenant_id: &str,
    connector: &SsoConnector,
) -> Result<(Vec<u8>, String, String), StoreError> {
    let config = json::write("sso_connectors.config", &connector.config)?;
    Ok((
        vault.seal(&place(tenant_id, &connector.id), config.as_bytes())?,
        json::write("sso_connectors.domains", &connector.domains)?,
        json::write("sso_connectors.branding", &connector.branding)?,
    ))
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("sso_connectors/{tenant_id}/{id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    provider_name: String,
    connector_name: String,
    config: Vec<u8>,
    domains: String,
    branding: String,
    sync_profile: bool,
    enable_token_storage: bool,
    created_at: i64,
}

impl Row {
    fn open(self, vault: &Vault, tenant_id: &str) -> Result<SsoConnector, StoreError> {
        let config = vault.open(&place(tenant_id, &self.id), &self.config)?;
        Ok(SsoConnector {
            id: self.id,
            provider_name: self.provider_name,
            connector_name: self.connector_name,
            config: serde_json::from_slice(&config)
                .map_err(|error| StoreError::corrupt("sso_connectors.config", error))?,
            domains: json::read("sso_connectors.domains", &self.domains)?,
            branding: json::read("sso_connectors.branding", &self.branding)?,
            sync_profile: self.sync_profile,
            stores_tokens: self.enable_token_storage,
            created_at: Time(self.created_at),
        })
    }
}
