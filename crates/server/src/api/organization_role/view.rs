//! An organization role as callers see it.

use serde::Serialize;
use store::{
    organization_role::OrganizationRole,
    organization_scope::OrganizationScope,
    resource::{Resource, Scope},
    role::RoleType,
};
use utoipa::ToSchema;

use crate::api::role::RoleKind;

/// What a member of any organization may be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrganizationRole)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationRoleView {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
    /// Who can have it.
    #[serde(rename = "type")]
    #[schema(value_type = RoleKind)]
    kind: RoleType,
}

impl OrganizationRoleView {
    /// The role of a tenant.
    pub fn new(tenant_id: &str, role: OrganizationRole) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: role.id,
            name: role.name,
            description: role.description,
            kind: role.kind,
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// An organization role with what it allows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationRoleWithScopes)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedOrganizationRole {
    #[serde(flatten)]
    role: OrganizationRoleView,
    scopes: Vec<Named>,
    resource_scopes: Vec<ResourceScope>,
}

/// Something in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationScopeInShort)]
pub(super) struct Named {
    id: String,
    name: String,
}

/// A scope of an API in short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceScopeInShort)]
pub(super) struct ResourceScope {
    id: String,
    name: String,
    resource: Named,
}

impl ListedOrganizationRole {
    /// The role with these scopes.
    pub(super) fn new(
        role: OrganizationRoleView,
        scopes: Vec<OrganizationScope>,
        resource_scopes: Vec<(Scope, Resource)>,
    ) -> Self {
        let named = |id, name| Named { id, name };
        Self {
            role,
            scopes: scopes
                .into_iter()
                .map(|scope| named(scope.id, scope.name))
                .collect(),
            resource_scopes: resource_scopes
                .into_iter()
                .map(|(scope, resource)| ResourceScope {
                    id: scope.id,
                    name: scope.name,
                    resource: named(resource.id, resource.name),
                })
                .collect(),
        }
    }
}
