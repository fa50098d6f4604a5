//! A scope as callers see it.

use serde::Serialize;
use store::resource::Scope;
use utoipa::ToSchema;

use crate::api::millis::Millis;

/// Something that an API can allow.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    tenant_id: String,
    id: String,
    resource_id: String,
    /// The value in `scope`.
    name: String,
    description: Option<String>,
    created_at: Millis,
}

impl ScopeView {
    /// The scope of a tenant's resource.
    pub fn new(tenant_id: &str, scope: Scope) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: scope.id,
            resource_id: scope.resource_id,
            name: scope.name,
            description: scope.description,
            created_at: scope.created_at.into(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}
