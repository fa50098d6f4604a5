//! What members of organizations may be.

use serde::{Deserialize, Serialize};
use store::{
    organization_role, organization_scope,
    relation::{self, ORGANIZATION_ROLE_RESOURCE_SCOPES, ORGANIZATION_ROLE_SCOPES},
    role::RoleType,
    seed::Seedling,
};

use super::{
    kind::{Kind, World, is_default, sized},
    reference::{self, Scopes},
};
use crate::{
    operation::{OperationError, Refused},
    random,
};

/// An organization role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OrganizationRole {
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    #[serde(default)]
    r#type: RoleType,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    resource_scopes: Scopes,
}

impl Kind for OrganizationRole {
    const SECTION: &'static str = "organizationRoles";
    const NOUN: &'static str = "organization role";
    const KEYS: &'static [&'static [&'static str]] = &[&["name"]];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let tenant = world.tenant;
        let mut roles = Vec::new();
        for found in organization_role::list(&mut *world.tx, tenant).await? {
            let parent = [found.id.as_str()];
            let ids = relation::children(&mut *world.tx, ORGANIZATION_ROLE_SCOPES, tenant, &parent)
                .await?;
            let scopes = organization_scope::find_by_ids(&mut *world.tx, tenant, &ids).await?;
            let resource_scopes =
                reference::scopes(world, ORGANIZATION_ROLE_RESOURCE_SCOPES, &parent).await?;
            let mut role = Self {
                name: found.name,
                description: found.description,
                r#type: found.kind,
                scopes: scopes.into_iter().map(|scope| scope.name).collect(),
                resource_scopes,
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
        sized(
            "description",
            self.description.as_deref().unwrap_or_default(),
            0,
            256,
        )?;
        let tenant = world.tenant;
        let names = [self.name.clone()];
        let held = organization_role::find_by_names(&mut *world.tx, tenant, &names).await?;
        let held = held.into_iter().next();
        if before.is_some_and(|before| before.r#type != self.r#type) {
            let message = "the `type` of a role cannot change: those who have it could not have it";
            return Err(Refused::new("guard.invalid_input", message).into());
        }
        let role = organization_role::OrganizationRole {
            id: held.map_or_else(|| random::id(21), |held| held.id),
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.r#type,
        };
        if before.is_some() {
            organization_role::update(world.tx, tenant, &role).await?;
        } else {
            organization_role::insert(world.tx, tenant, &role).await?;
        }
        let parent = [role.id.as_str()];
        let scopes = organization_scope_ids(world, &self.scopes).await?;
        relation::replace(world.tx, ORGANIZATION_ROLE_SCOPES, tenant, &parent, &scopes).await?;
        let scopes = reference::scope_ids(world, &self.resource_scopes).await?;
        let relation = ORGANIZATION_ROLE_RESOURCE_SCOPES;
        relation::replace(world.tx, relation, tenant, &parent, &scopes).await?;
        Ok(())
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        let names = [self.name.clone()];
        let held = organization_role::find_by_names(&mut *world.tx, world.tenant, &names).await?;
        for role in held {
            organization_role::delete(world.tx, world.tenant, &role.id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_built_in(&self, tenant: &str) -> bool {
        Seedling::OrganizationRole(&self.name).is_seeded(tenant)
    }

    fn settle(&mut self) {
        reference::unique(&mut self.scopes);
        reference::settle(&mut self.resource_scopes);
    }
}

/// The ids of organization scopes.
pub(super) async fn organization_scope_ids(
    world: &mut World<'_>,
    names: &[String],
) -> Result<Vec<String>, OperationError> {
    let known = organization_scope::list(&mut *world.tx, world.tenant).await?;
    let mut ids = Vec::new();
    for name in names {
        let scope = known.iter().find(|scope| scope.name == *name);
        let scope = scope.ok_or_else(|| Refused::not_exists("organization scope", name))?;
        ids.push(scope.id.clone());
    }
    Ok(ids)
}
