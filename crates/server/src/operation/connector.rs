//! Connectors: ways to sign in with a provider, and to send messages (`contract/logto-core.md` §8.1).

use connectors::factory::{self, Factory};

use crate::config::Config;

/// The factory with this id; those for tests only where the operator asked for them.
pub fn factory(config: &Config, id: &str) -> Option<&'static Factory> {
    factory::find(id).filter(|found| !found.is_mock || config.mock_messages.is_some())
}
