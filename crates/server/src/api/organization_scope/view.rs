//! An organization scope as callers see it.

use serde::Serialize;
use store::organization_scope::OrganizationScope;
use utoipa::ToSchema;

/// What members of any organization may do in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrganizationScope)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationScopeView {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
}

impl OrganizationScopeView {
    /// The scope of a tenant.
    pub fn new(tenant_id: &str, scope: OrganizationScope) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: scope.id,
            name: scope.name,
            description: scope.description,
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}
