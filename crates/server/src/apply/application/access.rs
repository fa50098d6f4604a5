//! Who may use an application.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::application::{self, access};

use crate::{
    apply::{kind::World, reference},
    operation::OperationError,
};

/// Who may use it. Rules that name people are not part of documents: they stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(in crate::apply) struct AccessControl {
    pub(in crate::apply) enabled: bool,
    roles: Vec<String>,
    organizations: Vec<String>,
    organization_roles: BTreeMap<String, Vec<String>>,
}

impl AccessControl {
    pub(in crate::apply) async fn read(
        world: &mut World<'_>,
        application: &application::Application,
    ) -> Result<Self, OperationError> {
        let held = access::find(world.tx, world.tenant, &application.id).await?;
        let roles = store::role::list(&mut *world.tx, world.tenant).await?;
        let roles = roles
            .into_iter()
            .filter(|role| held.roles.contains(&role.id));
        let all = reference::organizations(world).await?;
        let name = |id: &String| reference::organization_name(&all, id);
        let mut organization_roles = BTreeMap::new();
        for (organization, ids) in &held.organization_roles {
            let roles =
                store::organization_role::find_by_ids(&mut *world.tx, world.tenant, ids).await?;
            let roles: Vec<String> = roles.into_iter().map(|role| role.name).collect();
            organization_roles.insert(name(organization), roles);
        }
        Ok(Self {
            enabled: application.access_control_enabled,
            roles: roles.map(|role| role.name).collect(),
            organizations: held.organizations.iter().map(name).collect(),
            organization_roles,
        })
    }

    /// Access control without rules lets nobody in; the API refuses that, but the rules that name people may come later here.
    pub(in crate::apply) async fn write(
        &self,
        world: &mut World<'_>,
        id: &str,
    ) -> Result<(), OperationError> {
        let all = reference::organizations(world).await?;
        let mut held = access::find(world.tx, world.tenant, id).await?;
        held.roles = reference::role_ids(world, &self.roles).await?;
        let organizations = self.organizations.iter();
        let organizations = organizations.map(|name| reference::organization_id(&all, name));
        held.organizations = organizations.collect::<Result<_, _>>()?;
        held.organization_roles.clear();
        for (name, roles) in &self.organization_roles {
            let roles = reference::find_organization_roles(world, roles).await?;
            let ids = roles.into_iter().map(|role| role.id).collect();
            let organization = reference::organization_id(&all, name)?;
            held.organization_roles.insert(organization, ids);
        }
        Ok(access::replace(world.tx, world.tenant, id, &held).await?)
    }

    pub(in crate::apply) fn settle(&mut self) {
        reference::unique(&mut self.roles);
        reference::unique(&mut self.organizations);
        reference::settle(&mut self.organization_roles);
    }
}
