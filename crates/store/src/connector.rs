//! `connectors`: ways to outside services; their configuration is encrypted at rest.

use identity::connector::{Connector, Names};
use protocol::time::Time;
use serde::{Deserialize, Serialize};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
    vault::Vault,
};

/// Remembers a connector.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    connector: &Connector,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO connectors \
        (tenant_id, id, connector_id, target, config, metadata, sync_profile, enable_token_storage, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (config, metadata) = texts(vault, tenant_id, connector)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&connector.id).bind(&connector.factory).bind(&connector.target)
        .bind(&config).bind(&metadata).bind(connector.sync_profile).bind(connector.stores_tokens).bind(now.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Writes everything of a connector but its factory; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    connector: &Connector,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE connectors SET target = $3, config = $4, metadata = $5, sync_profile = $6, \
        enable_token_storage = $7 WHERE tenant_id = $1 AND id = $2";
    let (config, metadata) = texts(vault, tenant_id, connector)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&connector.id).bind(&connector.target)
        .bind(&config).bind(&metadata).bind(connector.sync_profile).bind(connector.stores_tokens)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The tenant's connectors, oldest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Vec<Connector>, StoreError> {
    let rows = rows(source, vault, Some(tenant_id)).await?;
    Ok(rows.into_iter().map(|(_, connector)| connector).collect())
}

/// The connector with this id.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Connector>, StoreError> {
    let connectors = list(source, vault, tenant_id).await?;
    Ok(connectors.into_iter().find(|connector| connector.id == id))
}

/// Forgets a connector; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM connectors WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Makes others wait who change the tenant's connectors, until this transaction ends: some exclude each other.
pub async fn lock(tx: &mut Tx, tenant_id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("connectors/{tenant_id}")).await
}

/// Tenant and connector, of one tenant or of all.
pub(crate) async fn rows(
    source: impl Source,
    vault: &Vault,
    tenant_id: Option<&str>,
) -> Result<Vec<(String, Connector)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, connector_id, target, config, metadata, sync_profile, enable_token_storage FROM connectors \
        WHERE CAST($1 AS TEXT) IS NULL OR tenant_id = $1 ORDER BY tenant_id, created_at, id";
    let rows: Vec<Row> =
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter().map(|row| row.open(vault)).collect()
}

/// What people see of a connector.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    name: Names,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_dark: Option<String>,
}

fn texts(
    vault: &Vault,
    tenant_id: &str,
    connector: &Connector,
) -> Result<(Vec<u8>, String), StoreError> {
    let config = json::write("connectors.config", &connector.config)?;
    let metadata = Metadata {
        name: connector.name.clone(),
        logo: connector.logo.clone(),
        logo_dark: connector.logo_dark.clone(),
    };
    Ok((
        vault.seal(&place(tenant_id, &connector.id), config.as_bytes())?,
        json::write("connectors.metadata", &metadata)?,
    ))
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("connectors/{tenant_id}/{id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: String,
    id: String,
    connector_id: String,
    target: String,
    config: Vec<u8>,
    metadata: String,
    sync_profile: bool,
    enable_token_storage: bool,
}

impl Row {
    fn open(self, vault: &Vault) -> Result<(String, Connector), StoreError> {
        let config = vault.open(&place(&self.tenant_id, &self.id), &self.config)?;
        let metadata: Metadata = json::read("connectors.metadata", &self.metadata)?;
        let connector = Connector {
            id: self.id,
            factory: self.connector_id,
            target: self.target,
            name: metadata.name,
            logo: metadata.logo,
            logo_dark: metadata.logo_dark,
            config: serde_json::from_slice(&config)
                .map_err(|error| StoreError::corrupt("connectors.config", error))?,
            sync_profile: self.sync_profile,
            stores_tokens: self.enable_token_storage,
        };
        Ok((self.tenant_id, connector))
    }
}
