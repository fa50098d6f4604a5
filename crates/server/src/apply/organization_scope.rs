//! What members of organizations may do in them.

use serde::{Deserialize, Serialize};
use store::{organization_scope, seed::Seedling};

use super::kind::{Kind, World, is_default, sized};
use crate::{api::scope::check_name, operation::OperationError, random};

/// An organization scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OrganizationScope {
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
}

impl Kind for OrganizationScope {
    const SECTION: &'static str = "organizationScopes";
    const NOUN: &'static str = "organization scope";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let scopes = organization_scope::list(&mut *world.tx, world.tenant).await?;
        let scopes = scopes.into_iter().map(|scope| Self {
            name: scope.name,
            description: scope.description,
        });
        let mut scopes: Vec<_> = scopes.collect();
        scopes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(scopes)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        sized("name", &self.name, 1, 128)?;
        sized(
            "description",
            self.description.as_deref().unwrap_or_default(),
            0,
            256,
        )?;
        check_name(&self.name)?;
        let known = organization_scope::list(&mut *world.tx, world.tenant).await?;
        let held = known.into_iter().find(|scope| scope.name == self.name);
        let scope = organization_scope::OrganizationScope {
            id: held.map_or_else(|| random::id(21), |held| held.id),
            name: self.name.clone(),
            description: self.description.clone(),
        };
        if before.is_some() {
            organization_scope::update(world.tx, world.tenant, &scope).await?;
        } else {
            organization_scope::insert(world.tx, world.tenant, &scope).await?;
        }
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let known = organization_scope::list(&mut *world.tx, world.tenant).await?;
        let held = known.into_iter().find(|scope| scope.name == self.name);
        if let Some(scope) = held {
            organization_scope::delete(world.tx, world.tenant, &scope.id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        Seedling::OrganizationScope(&self.name).is_seeded(tenant)
    }
}
