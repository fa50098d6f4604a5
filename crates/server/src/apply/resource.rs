//! APIs and their scopes.

use protocol::jose::SigningAlgorithm;
use serde::{Deserialize, Serialize};
use store::{
    resource,
    seed::{Seedling, is_management_api},
};

use super::kind::{Kind, World, is_default, sized};
use crate::{
    api::{resource::changeable, scope::check_name},
    operation::{self, OperationError},
    random,
};

/// An API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Resource {
    indicator: String,
    name: String,
    #[serde(default = "hour")]
    access_token_ttl: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    is_default: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    signing_algorithm: Option<SigningAlgorithm>,
    #[serde(default)]
    scopes: Vec<Scope>,
}

/// Something that it can allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Scope {
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
}

const fn hour() -> i64 {
    3600
}

impl Kind for Resource {
    const SECTION: &'static str = "resources";
    const NOUN: &'static str = "API";
    const KEYS: &'static [&'static [&'static str]] = &[&["indicator"]];
    const NAMED: &'static [(&'static str, &'static str)] = &[("scopes", "name")];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let mut resources = Vec::new();
        for found in resource::list(&mut *world.tx, world.tenant).await? {
            // Every server has its own, and it cannot be changed.
            if is_management_api(&found.indicator) {
                continue;
            }
            let scopes = resource::scopes(&mut *world.tx, world.tenant, &found.id).await?;
            let scopes = scopes.into_iter().map(|scope| Scope {
                name: scope.name,
                description: scope.description,
            });
            let mut resource = Self {
                indicator: found.indicator,
                name: found.name,
                access_token_ttl: found.access_token_ttl,
                is_default: found.is_default,
                signing_algorithm: found.signing_algorithm,
                scopes: scopes.collect(),
            };
            resource.settle();
            resources.push(resource);
        }
        resources.sort_by(|a, b| a.indicator.cmp(&b.indicator));
        Ok(resources)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        sized("name", &self.name, 1, 256)?;
        changeable(&self.indicator)?;
        operation::resource::check(&self.indicator)?;
        operation::resource::check_life(Some(self.access_token_ttl))?;
        let tenant = world.tenant;
        let held = resource::find_by_indicator(&mut *world.tx, tenant, &self.indicator).await?;
        let resource = resource::Resource {
            id: held.map_or_else(|| random::id(21), |held| held.id),
            name: self.name.clone(),
            indicator: self.indicator.clone(),
            is_default: self.is_default,
            access_token_ttl: self.access_token_ttl,
            signing_algorithm: self.signing_algorithm,
        };
        if before.is_some() {
            resource::update(world.tx, tenant, &resource).await?;
        } else {
            resource::insert(world.tx, tenant, &resource).await?;
        }
        let known = resource::scopes(&mut *world.tx, tenant, &resource.id).await?;
        for Scope { name, description } in &self.scopes {
            sized("name", name, 1, 256)?;
            check_name(name)?;
            match known.iter().find(|scope| scope.name == *name) {
                Some(held) if held.description == *description => {}
                Some(held) => {
                    let scope = resource::Scope {
                        description: description.clone(),
                        ..held.clone()
                    };
                    resource::update_scope(world.tx, tenant, &scope).await?;
                }
                None => {
                    let scope = resource::Scope {
                        id: random::id(21),
                        resource_id: resource.id.clone(),
                        name: name.clone(),
                        description: description.clone(),
                        created_at: world.now,
                    };
                    resource::insert_scope(world.tx, tenant, &scope).await?;
                }
            }
        }
        let held = before.map_or(&[][..], |before| &before.scopes);
        let is_left = |name: &str| self.scopes.iter().any(|scope| scope.name == name);
        for Scope { name, .. } in held.iter().filter(|scope| !is_left(&scope.name)) {
            if let Some(scope) = known.iter().find(|scope| scope.name == *name) {
                resource::delete_scope(world.tx, tenant, &scope.id).await?;
            }
        }
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let tenant = world.tenant;
        let held = resource::find_by_indicator(&mut *world.tx, tenant, &self.indicator).await?;
        if let Some(resource) = held {
            resource::delete(world.tx, tenant, &resource.id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.indicator.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        Seedling::Resource(&self.indicator).is_seeded(tenant)
    }

    fn settle(&mut self) {
        self.scopes.sort_by(|a, b| a.name.cmp(&b.name));
    }
}
