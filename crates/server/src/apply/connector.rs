//! Connectors.

use std::collections::BTreeMap;

use connectors::{
    factory,
    secret::{Confidential, Unknown, each_secret},
};
use identity::connector::{self, Names};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    kind::{Hide, Kind, World, is_default, sized},
    organization::check_plain,
};
use crate::{
    operation::{self, OperationError, Refused, connector::pruned},
    random,
};

/// A connector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(super) struct Connector {
    id: Option<String>,
    connector_id: String,
    /// Where the factory does not give it.
    #[serde(default, skip_serializing_if = "is_default")]
    target: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    name: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "is_default")]
    logo: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    logo_dark: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    sync_profile: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    enable_token_storage: bool,
    #[serde(default)]
    config: Map<String, Value>,
}

impl Kind for Connector {
    const SECTION: &'static str = "connectors";
    const NOUN: &'static str = "connector";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["target"], &["connectorId"]];
    const PARTIAL: &'static [&'static str] = &["config"];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let found = store::connector::list(&mut *world.tx, world.vault, world.tenant).await?;
        let mut connectors: Vec<Self> = found.into_iter().map(Self::from).collect();
        connectors.sort_by(|a, b| {
            (&a.connector_id, &a.target, &a.id).cmp(&(&b.connector_id, &b.target, &b.id))
        });
        Ok(connectors)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        let factory = operation::connector::factory(world.config, &self.connector_id);
        let factory = factory.ok_or_else(|| {
            let message = format!("there is no kind of connector {:?}", self.connector_id);
            Refused::new("connector.not_found_with_connector_id", message)
        })?;
        if let Some(id) = &self.id {
            sized("id", id, 1, 128)?;
            check_plain(id)?;
        }
        if before.is_some_and(|before| before.connector_id != self.connector_id) {
            let message = "the `connectorId` of a connector cannot change";
            return Err(Refused::new("guard.invalid_input", message).into());
        }
        let given = if factory.is_standard {
            ""
        } else {
            factory.target
        };
        let connector = connector::Connector {
            id: self.id.clone().unwrap_or_else(|| random::id(12)),
            factory: factory.id.to_owned(),
            target: self.target.clone().unwrap_or_else(|| given.to_owned()),
            name: Names::from(self.name.clone()),
            logo: self.logo.clone(),
            logo_dark: self.logo_dark.clone(),
            config: self.config.clone(),
            sync_profile: self.sync_profile,
            stores_tokens: self.enable_token_storage,
        };
        let (tenant, vault) = (world.tenant, world.vault);
        if before.is_some() {
            operation::connector::change(world.tx, vault, tenant, factory, &connector).await
        } else {
            operation::connector::add(world.tx, vault, tenant, factory, &connector, world.now).await
        }
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        if let Some(id) = &self.id {
            operation::connector::take(world.tx, world.vault, world.tenant, id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        let id = &self.connector_id;
        let target = self.target.as_ref();
        target.map_or_else(|| id.clone(), |target| format!("{id} {target}"))
    }

    fn settle(&mut self) {
        self.config = pruned(std::mem::take(&mut self.config));
    }

    fn conceal(&mut self, hide: Hide<'_>) {
        let name = self.target.as_ref().unwrap_or(&self.connector_id);
        let factory = factory::find(&self.connector_id);
        let rule: &dyn Confidential = factory.map_or(&Unknown, |factory| factory);
        each_secret(&mut self.config, rule, &mut |path, secret| {
            if let Value::String(text) = secret {
                hide(&[&["connector", name.as_str()], path].concat(), text);
            }
        });
    }
}

impl From<connector::Connector> for Connector {
    fn from(found: connector::Connector) -> Self {
        let factory = factory::find(&found.factory);
        let is_given = factory.is_some_and(|factory| factory.target == found.target);
        Self {
            id: Some(found.id),
            connector_id: found.factory,
            target: Some(found.target).filter(|_| !is_given),
            name: found.name.into_inner(),
            logo: found.logo,
            logo_dark: found.logo_dark,
            sync_profile: found.sync_profile,
            enable_token_storage: found.stores_tokens,
            config: found.config,
        }
    }
}
