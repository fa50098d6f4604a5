//! What every handler shares: the database, the settings in memory, time and randomness.

use std::{fmt, path::Path, sync::Arc};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use connectors::http::Guarded;
use protocol::{secret::Secret, time::Time};
use store::{Db, StoreError, Tx, Vault};
use zeroize::Zeroizing;

use crate::{
    audit::Recorder, breach::Breaches, cimd::Documents, clock::Clock, config::Config,
    hash::HashQueue, random, script::Scripts, snapshot::Snapshot, tenant::Tenant,
};

/// A cheap handle on the running server.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    config: Config,
    db: Db,
    vault: Vault,
    clock: Clock,
    hashes: HashQueue,
    http: Guarded,
    documents: Documents,
    scripts: Scripts,
    breaches: Breaches,
    audit: Recorder,
    snapshot: ArcSwap<Snapshot>,
    refresh_key: Zeroizing<[u8; 32]>,
}

impl App {
    /// Puts the parts together and loads the first snapshot.
    ///
    /// # Errors
    /// When the database cannot be read, or holds a signing key that the vault key does not open.
    pub async fn start(config: Config, db: Db, vault: Vault, clock: Clock) -> anyhow::Result<Self> {
        let snapshot = Snapshot::load(&db, &vault, &config).await?;
        let hashes = HashQueue::new(config.hashing.workers);
        let outbound = config.outbound.clone();
        let authorities = outbound.authorities.clone();
        let http = Guarded::new(move |host, ip| outbound.allows(host, ip));
        let http = match authorities {
            Some(file) => trusting(http, &file).await?,
            None => http,
        };
        let breaches = Breaches::new(config.breach_service.clone());
        let scripts = Scripts::new(config.scripts.clone());
        let refresh_key = vault.derive("refresh successor")?;
        let snapshot = ArcSwap::from_pointee(snapshot);
        Ok(Self(Arc::new(Inner {
            config,
            db,
            vault,
            clock,
            hashes,
            http,
            documents: Documents::default(),
            scripts,
            breaches,
            audit: Recorder::default(),
            snapshot,
            refresh_key,
        })))
    }

    /// The present, in whole seconds.
    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// The present, in milliseconds.
    pub fn now_millis(&self) -> i64 {
        self.0.clock.now_millis()
    }

    /// 32 random bytes as 43 characters of base64url: a code, a token, a cookie value.
    pub fn random_secret(&self) -> Secret {
        random::secret()
    }

    /// A new identifier of `length` characters out of `[0-9a-z]` (`contract/logto-core.md` §4).
    pub fn random_id(&self, length: usize) -> String {
        random::id(length)
    }

    /// Random bytes for salts and nonces.
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        random::bytes()
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The key that seals secrets in the database.
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// The configuration the server was started with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The client for every call to the outside.
    pub fn http(&self) -> &Guarded {
        &self.0.http
    }

    /// The documents of clients that nobody registered.
    pub fn documents(&self) -> &Documents {
        &self.0.documents
    }

    /// The processes that run scripts of operators.
    pub fn scripts(&self) -> &Scripts {
        &self.0.scripts
    }

    /// What is known of breached passwords.
    pub fn breaches(&self) -> &Breaches {
        &self.0.breaches
    }

    /// The audit log.
    pub fn audit(&self) -> &Recorder {
        &self.0.audit
    }

    /// The bounded queue in which passwords are hashed.
    pub fn hashes(&self) -> &HashQueue {
        &self.0.hashes
    }

    /// The key from which successors of refresh tokens are derived.
    pub fn refresh_key(&self) -> &[u8; 32] {
        &self.0.refresh_key
    }

    /// The tenant with this id, as of the last reload.
    pub fn tenant(&self, id: &str) -> Option<Arc<Tenant>> {
        self.0.snapshot.load().tenants.get(id).cloned()
    }

    /// All settings in memory, as of the last reload.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Reads all settings from the database again and puts them in place at once.
    ///
    /// # Errors
    /// When the database cannot be read; the old settings stay.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let fresh = Arc::new(Snapshot::load(&self.0.db, &self.0.vault, &self.0.config).await?);
        // Of two that load at once the one with the older settings may be the last to arrive.
        self.0.snapshot.rcu(|held| {
            let newest = if fresh.version >= held.version {
                &fresh
            } else {
                held
            };
            Arc::clone(newest)
        });
        Ok(())
    }

    /// Commits, and lets this node know at once what settings have changed; other nodes notice by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        tx.commit().await?;
        if store::snapshot::version(self.db()).await? != self.snapshot().version {
            self.reload().await?;
        }
        Ok(())
    }
}

/// The same client with the authorities of `HUFU_OUTBOUND_CA`.
async fn trusting(http: Guarded, file: &Path) -> anyhow::Result<Guarded> {
    let told = || format!("HUFU_OUTBOUND_CA is {}", file.display());
    let pem = tokio::fs::read(file).await.with_context(told)?;
    http.trusting(&pem).with_context(told)
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}
