//! Everything of every tenant that the server keeps in memory, and how it learns that it has changed.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use identity::connector::Connector;
use serde_json::{Map, Value};
use sqlx::postgres::PgListener;

use crate::{
    application::{self, Application, consentable::Consentable, secret::ApplicationSecret},
    config, connector,
    cookie_key::{self, CookieKey},
    db::{Db, Source, Tx, on},
    error::StoreError,
    hook::{self, Subscription},
    organization_scope,
    resource::{self, Resource, Scope},
    role, sign_in_experience,
    signing_key::{self, StoredSigningKey},
    tenant,
    vault::Vault,
};

/// Where the number of the configuration stands in `systems`.
const VERSION: &str = "snapshot_version";

/// The PostgreSQL channel that tells other nodes.
const CHANNEL: &str = "hufu_snapshot";

/// How often the number is read when nobody tells of changes: another process may have written to the SQLite file, and
/// a pooler may swallow PostgreSQL's notifications.
const POLL: Duration = Duration::from_secs(2);

/// The configuration at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its number: it grows with every change.
    pub version: i64,
    /// By tenant id.
    pub tenants: BTreeMap<String, TenantSnapshot>,
}

/// The configuration of one tenant.
#[derive(Clone, Debug, Default)]
pub struct TenantSnapshot {
    /// By key.
    pub configs: BTreeMap<String, Value>,
    /// Newest first.
    pub signing_keys: Vec<StoredSigningKey>,
    /// Newest first: the first signs, all verify.
    pub cookie_keys: Vec<CookieKey>,
    /// By id.
    pub applications: HashMap<String, RegisteredApplication>,
    /// What clients may ask people for that are known by their metadata document.
    pub cimd: Consentable,
    /// By indicator.
    pub resources: HashMap<String, RegisteredResource>,
    /// Names of organization scopes.
    pub organization_scopes: Vec<String>,
    /// Oldest first.
    pub connectors: Vec<Connector>,
    /// Oldest first.
    pub hooks: Vec<Subscription>,
    /// `None` until it is seeded.
    pub sign_in_experience: Option<Value>,
}

/// An application with what belongs to it.
#[derive(Clone, Debug)]
pub struct RegisteredApplication {
    /// The application.
    pub application: Application,
    /// Its secrets, expired ones included.
    pub secrets: Vec<ApplicationSecret>,
    /// What its roles allow it: names of scopes by indicator.
    pub scopes: BTreeMap<String, Vec<String>>,
    /// What it may ask people for, when it is third-party.
    pub consentable: Consentable,
    /// What it shows instead of the tenant's sign-in experience.
    pub sign_in_experience: Option<Map<String, Value>>,
}

/// An API with its scopes.
#[derive(Clone, Debug)]
pub struct RegisteredResource {
    /// The API.
    pub resource: Resource,
    /// By name.
    pub scopes: Vec<Scope>,
}

/// Loads the configuration in a dozen queries, however many tenants there are.
pub async fn load(db: &Db, vault: &Vault) -> Result<Snapshot, StoreError> {
    // The number comes first: what changes while the rest is read carries a later one, so it is loaded again.
    let version = version(db).await?;
    let mut tenants: BTreeMap<String, TenantSnapshot> = tenant::list(db)
        .await?
        .into_iter()
        .map(|id| (id, TenantSnapshot::default()))
        .collect();
    load_applications(db, &mut tenants).await?;
    load_resources(db, &mut tenants).await?;
    for (tenant, key, value) in config::load(db).await? {
        entry(&mut tenants, &tenant).configs.insert(key, value);
    }
    for (tenant, key) in signing_key::rows(db, vault, None).await? {
        entry(&mut tenants, &tenant).signing_keys.push(key);
    }
    for (tenant, key) in cookie_key::rows(db, vault, None).await? {
        entry(&mut tenants, &tenant).cookie_keys.push(key);
    }
    for (tenant, connector) in connector::rows(db, vault, None).await? {
        entry(&mut tenants, &tenant).connectors.push(connector);
    }
    for (tenant, scope) in organization_scope::load(db).await? {
        entry(&mut tenants, &tenant).organization_scopes.push(scope);
    }
    for (tenant, hook) in hook::load(db).await? {
        entry(&mut tenants, &tenant).hooks.push(hook);
    }
    for (tenant, value) in sign_in_experience::load(db).await? {
        entry(&mut tenants, &tenant).sign_in_experience = Some(value);
    }
    Ok(Snapshot { version, tenants })
}

async fn load_applications(
    db: &Db,
    tenants: &mut BTreeMap<String, TenantSnapshot>,
) -> Result<(), StoreError> {
    for (tenant, application) in application::load(db).await? {
        let registered = RegisteredApplication {
            application,
            secrets: Vec::new(),
            scopes: BTreeMap::new(),
            consentable: Consentable::default(),
            sign_in_experience: None,
        };
        entry(tenants, &tenant)
            .applications
            .insert(registered.application.id.clone(), registered);
    }
    for (tenant, application, secret) in application::secret::load(db).await? {
        if let Some(registered) = entry(tenants, &tenant).applications.get_mut(&application) {
            registered.secrets.push(secret);
        }
    }
    for (tenant, application, indicator, scope) in role::load_application_scopes(db).await? {
        if let Some(registered) = entry(tenants, &tenant).applications.get_mut(&application) {
            registered.scopes.entry(indicator).or_default().push(scope);
        }
    }
    for row in application::consentable::load(db).await? {
        let tenant = entry(tenants, &row.tenant_id);
        if row.application_id.is_empty() {
            tenant.cimd.add(row);
        } else if let Some(registered) = tenant.applications.get_mut(&row.application_id) {
            registered.consentable.add(row);
        }
    }
    for (tenant, application, value) in application::sign_in_experience::load(db).await? {
        if let Some(registered) = entry(tenants, &tenant).applications.get_mut(&application) {
            registered.sign_in_experience = Some(value);
        }
    }
    Ok(())
}

async fn load_resources(
    db: &Db,
    tenants: &mut BTreeMap<String, TenantSnapshot>,
) -> Result<(), StoreError> {
    let mut scopes: HashMap<(String, String), Vec<Scope>> = HashMap::new();
    for (tenant, scope) in resource::scope_rows(db, None, None).await? {
        scopes
            .entry((tenant, scope.resource_id.clone()))
            .or_default()
            .push(scope);
    }
    for (tenant, resource) in resource::rows(db, None).await? {
        let registered = RegisteredResource {
            scopes: scopes
                .remove(&(tenant.clone(), resource.id.clone()))
                .unwrap_or_default(),
            resource,
        };
        entry(tenants, &tenant)
            .resources
            .insert(registered.resource.indicator.clone(), registered);
    }
    Ok(())
}

fn entry<'a>(
    tenants: &'a mut BTreeMap<String, TenantSnapshot>,
    id: &str,
) -> &'a mut TenantSnapshot {
    tenants.entry(id.to_owned()).or_default()
}

/// The number of the configuration now.
pub async fn version(source: impl Source) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT value FROM systems WHERE key = $1";
    let text: Option<String> = on!(source, conn => sqlx::query_scalar(SQL)
        .bind(VERSION).fetch_optional(conn).await)?;
    text.map_or(Ok(0), |text| {
        text.parse()
            .map_err(|error| StoreError::corrupt("systems.snapshot_version", error))
    })
}

/// Counts a change of the configuration; every function that makes one does this in the same transaction.
pub(crate) async fn bump(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO systems (key, value) VALUES ($1, '1') ON CONFLICT (key) \
        DO UPDATE SET value = CAST(CAST(systems.value AS BIGINT) + 1 AS TEXT)";
    on!(tx, conn => sqlx::query(SQL).bind(VERSION).execute(conn).await.map(drop))?;
    // Only PostgreSQL has other nodes to tell; it does so when the transaction commits.
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT pg_notify($1, '')")
            .bind(CHANNEL)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Changes of the configuration, made by whatever process.
#[derive(Debug)]
pub struct Changes {
    db: Db,
    known: i64,
    listener: Option<PgListener>,
}

/// Follows changes that come after the snapshot with number `known`.
pub async fn listen(db: &Db, known: i64) -> Changes {
    Changes {
        listener: listener(db).await,
        db: db.clone(),
        known,
    }
}

/// Listening is a matter of speed: without it, changes are noticed by the number alone.
async fn listener(db: &Db) -> Option<PgListener> {
    let Db::Postgres(pool) = db else {
        return None;
    };
    let mut listener = PgListener::connect_with(pool).await.ok()?;
    listener.listen(CHANNEL).await.ok()?;
    Some(listener)
}

impl Changes {
    /// Waits until the configuration has changed and returns its number. A database out of reach is asked again.
    pub async fn next(&mut self) -> i64 {
        loop {
            match version(&self.db).await {
                Ok(version) if version != self.known => {
                    self.known = version;
                    return version;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the configuration's number cannot be read"),
            }
            self.wait().await;
        }
    }

    async fn wait(&mut self) {
        let Some(listener) = &mut self.listener else {
            tokio::time::sleep(POLL).await;
            return;
        };
        if let Ok(Err(error)) = tokio::time::timeout(POLL, listener.recv()).await {
            tracing::debug!(%error, "listening for changes failed");
            self.listener = None;
            tokio::time::sleep(POLL).await;
            self.listener = self::listener(&self.db).await;
        }
    }
}
