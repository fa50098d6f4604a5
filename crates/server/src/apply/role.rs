//! Roles and what they allow.

use serde::{Deserialize, Serialize};
use store::{
    relation::{self, ROLE_SCOPES},
    role::{self, INTERNAL, RoleType},
    seed::Seedling,
};

use super::{
    kind::{Kind, World, is_default, sized},
    reference::{self, Scopes},
};
use crate::{
    operation::{self, OperationError, Refused},
    random,
};

/// A role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Role {
    name: String,
    description: String,
    #[serde(default)]
    r#type: RoleType,
    #[serde(default, skip_serializing_if = "is_default")]
    is_default: bool,
    #[serde(default)]
    scopes: Scopes,
}

impl Kind for Role {
    const SECTION: &'static str = "roles";
    const NOUN: &'static str = "role";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let mut roles = Vec::new();
        for found in role::list(&mut *world.tx, world.tenant).await? {
            if found.name.starts_with(INTERNAL) {
                continue;
            }
            let mut role = Self {
                scopes: reference::scopes(world, ROLE_SCOPES, &[&found.id]).await?,
                name: found.name,
                description: found.description,
                r#type: found.kind,
                is_default: found.is_default,
            };
            role.settle();
            roles.push(role);
        }
        roles.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(roles)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        sized("name", &self.name, 1, 128)?;
        sized("description", &self.description, 1, 128)?;
        operation::role::check_name(&self.name)?;
        if before.is_some_and(|before| before.r#type != self.r#type) {
            let message = "the `type` of a role cannot change: those who have it could not have it";
            return Err(Refused::new("guard.invalid_input", message).into());
        }
        let tenant = world.tenant;
        let held = role::find_by_name(&mut *world.tx, tenant, &self.name).await?;
        let role = role::Role {
            id: held.map_or_else(|| random::id(21), |held| held.id),
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.r#type,
            is_default: self.is_default,
        };
        if before.is_some() {
            role::update(world.tx, tenant, &role).await?;
        } else {
            role::insert(world.tx, tenant, &role).await?;
        }
        let ids = reference::scope_ids(world, &self.scopes).await?;
        let held = relation::children(&mut *world.tx, ROLE_SCOPES, tenant, &[&role.id]).await?;
        let new: Vec<String> = ids
            .iter()
            .filter(|id| !held.contains(id))
            .cloned()
            .collect();
        operation::role::allow(world.tx, tenant, &role, &new).await?;
        relation::replace(world.tx, ROLE_SCOPES, tenant, &[&role.id], &ids).await?;
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let held = role::find_by_name(&mut *world.tx, world.tenant, &self.name).await?;
        if let Some(role) = held {
            role::delete(world.tx, world.tenant, &role.id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        Seedling::Role(&self.name).is_seeded(tenant)
    }

    fn settle(&mut self) {
        reference::settle(&mut self.scopes);
    }
}
