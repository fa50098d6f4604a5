//! What every command starts from.

use anyhow::Context as _;
use protocol::time::Time;
use store::{Db, Vault};

use super::Options;
use crate::{
    clock::Clock,
    config::{Config, Environment},
    prepare,
};

/// The configuration and the form of the output.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) config: Config,
    pub(super) json: bool,
    environment: Environment,
    clock: Clock,
}

impl Context {
    pub(super) fn new(options: &Options) -> anyhow::Result<Self> {
        let environment =
            Environment::of_process(options.env_file.as_deref(), options.db_url.as_deref())?;
        let config = Config::load(|name| environment.get(name))?;
        Ok(Self {
            config,
            json: options.json,
            environment,
            clock: Clock::System,
        })
    }

    /// A variable that a document names.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name)
    }

    pub(super) fn now(&self) -> Time {
        self.clock.now()
    }

    /// The database, up to date and seeded, with the key that opens its secrets: exactly as the server opens it.
    pub(super) async fn open(&self) -> anyhow::Result<(Db, Vault)> {
        Ok(prepare::database(&self.config, self.now()).await?)
    }

    /// The database as it is.
    pub(super) async fn connect(&self) -> anyhow::Result<Db> {
        prepare::connect(&self.config.database)
            .await
            .context("the database cannot be opened")
    }

    pub(super) fn vault(&self) -> anyhow::Result<Vault> {
        Ok(prepare::vault(&self.config.keys)?)
    }
}
