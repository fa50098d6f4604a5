//! `hooks`: who is told of what. Address, headers and signing key are sealed at rest.

use std::collections::BTreeMap;

use protocol::{secret::Secret, time::Time};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
    statement::{Listed, Page, Statement},
    vault::Vault,
};

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What people call it; may be empty.
    pub name: String,
    /// The one event that old clients set.
    pub event: Option<String>,
    /// The names of the events that it is told of.
    pub events: Vec<String>,
    /// Where and how.
    pub config: HookConfig,
    /// Signs what is posted.
    pub signing_key: Secret,
    /// Whether it is told at all.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Time,
}

/// Where a hook is told, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookConfig {
    /// An http or https address.
    pub url: String,
    /// Headers of the operator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// How often a call that failed is tried again: 0 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
}

/// A hook that is enabled, as the snapshot holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The hook's id.
    pub hook_id: String,
    /// The names of the events it wants.
    pub events: Vec<String>,
}

/// Remembers a hook.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    hook: &Hook,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO hooks (tenant_id, id, name, event, events, config, signing_key, enabled, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let sealed = Sealed::new(vault, tenant_id, hook)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&hook.id).bind(&hook.name).bind(&hook.event).bind(&sealed.events)
        .bind(&sealed.config).bind(&sealed.signing_key).bind(hook.enabled).bind(hook.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Writes everything of a hook but when it was made; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    hook: &Hook,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE hooks SET name = $3, event = $4, events = $5, config = $6, signing_key = $7, enabled = $8 \
        WHERE tenant_id = $1 AND id = $2";
    let sealed = Sealed::new(vault, tenant_id, hook)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&hook.id).bind(&hook.name).bind(&hook.event).bind(&sealed.events)
        .bind(&sealed.config).bind(&sealed.signing_key).bind(hook.enabled)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Forgets a hook with what waits to be told to it; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM hooks WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The hook with this id.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Hook>, StoreError> {
    const SQL: &str = "SELECT id, name, event, events, config, signing_key, enabled, created_at FROM hooks \
        WHERE tenant_id = $1 AND id = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).bind(id)
        .fetch_optional(conn).await)?;
    row.map(|row| row.open(vault, tenant_id)).transpose()
}

/// All hooks of a tenant, the oldest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
) -> Result<Vec<Hook>, StoreError> {
    const SQL: &str = "SELECT id, name, event, events, config, signing_key, enabled, created_at FROM hooks \
        WHERE tenant_id = $1 ORDER BY created_at, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL).bind(tenant_id)
        .fetch_all(conn).await)?;
    rows.into_iter()
        .map(|row| row.open(vault, tenant_id))
        .collect()
}

/// A page of the hooks of a tenant, the newest first.
pub async fn page(
    db: &crate::Db,
    vault: &Vault,
    tenant_id: &str,
    page: Page,
) -> Result<Listed<Hook>, StoreError> {
    let mut count = Statement::new("SELECT COUNT(*) FROM hooks WHERE tenant_id = ");
    count.bind(tenant_id);
    let mut list = Statement::new(
        "SELECT id, name, event, events, config, signing_key, enabled, created_at FROM hooks WHERE tenant_id = ",
    );
    list.bind(tenant_id)
        .push(" ORDER BY created_at DESC, id DESC")
        .page(page);
    let rows: Vec<Row> = list.all(db).await?;
    Ok(Listed {
        rows: rows
            .into_iter()
            .map(|row| row.open(vault, tenant_id))
            .collect::<Result<_, _>>()?,
        total: count.number(db).await?,
    })
}

/// Tenant and subscription, of every enabled hook.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, Subscription)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, event, events FROM hooks WHERE enabled \
        ORDER BY tenant_id, created_at, id";
    let rows: Vec<(String, String, Option<String>, String)> =
        on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?;
    let subscription =
        |(tenant, hook_id, event, events): (String, String, Option<String>, String)| {
            let mut events: Vec<String> = json::read("hooks.events", &events)?;
            events.extend(event.filter(|event| !events.contains(event)));
            Ok((tenant, Subscription { hook_id, events }))
        };
    rows.into_iter().map(subscription).collect()
}

/// What the columns hold.
struct Sealed {
    events: String,
    config: Vec<u8>,
    signing_key: Vec<u8>,
}

impl Sealed {
    fn new(vault: &Vault, tenant_id: &str, hook: &Hook) -> Result<Self, StoreError> {
        let config = json::write("hooks.config", &hook.config)?;
        let key = hook.signing_key.reveal().as_bytes();
        Ok(Self {
            events: json::write("hooks.events", &hook.events)?,
            config: vault.seal(&place("config", tenant_id, &hook.id), config.as_bytes())?,
            signing_key: vault.seal(&place("signing_key", tenant_id, &hook.id), key)?,
        })
    }
}

fn place(column: &str, tenant_id: &str, id: &str) -> String {
    format!("hooks.{column}/{tenant_id}/{id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    event: Option<String>,
    events: String,
    config: Vec<u8>,
    signing_key: Vec<u8>,
    enabled: bool,
    created_at: i64,
}

impl Row {
    fn open(self, vault: &Vault, tenant_id: &str) -> Result<Hook, StoreError> {
        let config = vault.open(&place("config", tenant_id, &self.id), &self.config)?;
        let key = vault.open(
            &place("signing_key", tenant_id, &self.id),
            &self.signing_key,
        )?;
        Ok(Hook {
            name: self.name,
            event: self.event,
            events: json::read("hooks.events", &self.events)?,
            config: serde_json::from_slice(&config)
                .map_err(|error| StoreError::corrupt("hooks.config", error))?,
            signing_key: Secret::new(String::from_utf8_lossy(&key)),
            enabled: self.enabled,
            created_at: Time(self.created_at),
            id: self.id,
        })
    }
}
