//! Webhooks.

use std::collections::BTreeMap;

use protocol::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::hook::{self, HookConfig};

use super::{
    kind::{Hide, Kind, World, is_default, refused, sized},
    organization::check_plain,
};
use crate::{
    api::hook::HookConfigInput,
    hook::Event,
    operation::{OperationError, Refused},
    random,
};

/// A webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Hook {
    id: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default = "yes")]
    enabled: bool,
    #[serde(default)]
    events: Vec<String>,
    /// The one event that old clients set.
    #[serde(default, skip_serializing_if = "is_default")]
    event: Option<String>,
    config: Config,
    /// Drawn when it is left out.
    #[serde(default, skip_serializing_if = "is_default")]
    signing_key: Option<String>,
}

/// Where it is told, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    url: String,
    #[serde(default, skip_serializing_if = "is_default")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "is_default")]
    retries: Option<i64>,
}

const fn yes() -> bool {
    true
}

impl Kind for Hook {
    const SECTION: &'static str = "hooks";
    const NOUN: &'static str = "hook";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["name"]];
    const PARTIAL: &'static [&'static str] = &["config"];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let found = hook::list(&mut *world.tx, world.vault, world.tenant).await?;
        let mut hooks: Vec<Self> = found.into_iter().map(Self::from).collect();
        hooks.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(hooks)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        let key = self.signing_key.clone().map(Secret::new);
        let hook = hook::Hook {
            id: self.id.clone().unwrap_or_else(|| random::id(21)),
            name: self.name.clone(),
            event: self.event.clone(),
            events: self.events.clone(),
            config: self.check()?,
            signing_key: key.unwrap_or_else(random::application_secret),
            enabled: self.enabled,
            created_at: world.now,
        };
        if before.is_some() {
            hook::update(world.tx, world.vault, world.tenant, &hook).await?;
        } else {
            hook::insert(world.tx, world.vault, world.tenant, &hook).await?;
        }
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        if let Some(id) = &self.id {
            hook::delete(world.tx, world.tenant, id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn conceal(&mut self, hide: Hide<'_>) {
        for (header, value) in &mut self.config.headers {
            hide(&["hook", &self.name, header], value);
        }
        if let Some(key) = &mut self.signing_key {
            hide(&["hook", &self.name, "signing_key"], key);
        }
    }
}

impl Hook {
    fn check(&self) -> Result<HookConfig, Refused> {
        if let Some(id) = &self.id {
            sized("id", id, 1, 21)?;
            check_plain(id)?;
        }
        sized("name", &self.name, 0, 256)?;
        if let Some(key) = &self.signing_key {
            sized("signingKey", key, 1, 256)?;
        }
        if self.events.is_empty() && self.event.is_none() {
            return Err(Refused::new("hook.missing_events", "a hook needs `events`"));
        }
        for event in self.events.iter().chain(&self.event) {
            if Event::named(event).is_none() {
                let message = format!("there is no event {event:?}");
                return Err(Refused::new("guard.invalid_input", message));
            }
        }
        let config: Result<HookConfigInput, _> = serde_json::from_value(json!(self.config));
        let invalid = |error: serde_json::Error| {
            Refused::new("guard.invalid_input", format!("`config`: {error}"))
        };
        config.map_err(invalid)?.check(None).map_err(refused)
    }
}

impl From<hook::Hook> for Hook {
    fn from(found: hook::Hook) -> Self {
        Self {
            id: Some(found.id),
            name: found.name,
            enabled: found.enabled,
            events: found.events,
            event: found.event,
            config: Config {
                url: found.config.url,
                headers: found.config.headers.unwrap_or_default(),
                retries: found.config.retries,
            },
            signing_key: Some(found.signing_key.reveal().to_owned()),
        }
    }
}
