//! What those may ask people for who are not trusted with everything: third-party applications, and clients that nobody registered.

use protocol::resource::is_management;
use serde::{Deserialize, Serialize};
use store::relation;

use super::{
    kind::World,
    organization_role::organization_scope_ids,
    reference::{self, Scopes},
};
use crate::{
    api::application_user_consent_scope::{ScopeKind, UserScope, Whose},
    operation::{OperationError, Refused},
};

/// What they may ask people for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "Logto's API spells them so")]
pub(super) struct Consent {
    user_scopes: Vec<String>,
    organization_scopes: Vec<String>,
    resource_scopes: Scopes,
    organization_resource_scopes: Scopes,
}

impl Consent {
    pub(super) async fn read(
        world: &mut World<'_>,
        whose: Whose<'_>,
    ) -> Result<Self, OperationError> {
        let (tenant, parent) = (world.tenant, whose.parent());
        let users = ScopeKind::UserScopes.relation(whose);
        let scopes = ScopeKind::OrganizationScopes.relation(whose);
        let ids = relation::children(&mut *world.tx, scopes, tenant, &parent).await?;
        let found = store::organization_scope::find_by_ids(&mut *world.tx, tenant, &ids).await?;
        let resource = ScopeKind::ResourceScopes.relation(whose);
        let within = ScopeKind::OrganizationResourceScopes.relation(whose);
        let mut consent = Self {
            user_scopes: relation::children(&mut *world.tx, users, tenant, &parent).await?,
            organization_scopes: found.into_iter().map(|scope| scope.name).collect(),
            resource_scopes: reference::scopes(world, resource, &parent).await?,
            organization_resource_scopes: reference::scopes(world, within, &parent).await?,
        };
        consent.settle();
        Ok(consent)
    }

    pub(super) async fn write(
        &self,
        world: &mut World<'_>,
        whose: Whose<'_>,
    ) -> Result<(), OperationError> {
        for name in &self.user_scopes {
            if serde_json::from_value::<UserScope>(name.as_str().into()).is_err() {
                let message = format!("{name:?} is no scope about people that can be asked for");
                return Err(Refused::new("guard.invalid_input", message).into());
            }
        }
        let mut indicators = self
            .resource_scopes
            .keys()
            .chain(self.organization_resource_scopes.keys());
        if let Some(indicator) = indicators.find(|indicator| is_management(indicator)) {
            let message = format!("A third-party application never gets scopes of {indicator:?}.");
            let code = "application.consent_management_api_scopes_not_allowed";
            return Err(Refused::new(code, message).into());
        }
        let organization = organization_scope_ids(world, &self.organization_scopes).await?;
        let resource = reference::scope_ids(world, &self.resource_scopes).await?;
        let within = reference::scope_ids(world, &self.organization_resource_scopes).await?;
        let parent = whose.parent();
        for (kind, wanted) in [
            (ScopeKind::UserScopes, &self.user_scopes),
            (ScopeKind::OrganizationScopes, &organization),
            (ScopeKind::ResourceScopes, &resource),
            (ScopeKind::OrganizationResourceScopes, &within),
        ] {
            let relation = kind.relation(whose);
            relation::replace(world.tx, relation, world.tenant, &parent, wanted).await?;
        }
        Ok(())
    }

    pub(super) fn settle(&mut self) {
        reference::unique(&mut self.user_scopes);
        reference::unique(&mut self.organization_scopes);
        reference::settle(&mut self.resource_scopes);
        reference::settle(&mut self.organization_resource_scopes);
    }
}
