//! An API resource as callers see it.

use serde::Serialize;
use store::resource::{Resource, Scope};
use utoipa::ToSchema;

use crate::api::scope::ScopeView;

/// An API that access tokens are made for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Resource)]
#[serde(rename_all = "camelCase")]
pub struct ResourceView {
    tenant_id: String,
    id: String,
    name: String,
    /// The absolute URI that clients name in `resource` or `audience`.
    indicator: String,
    /// Whether it is assumed when a request names none.
    is_default: bool,
    /// Seconds.
    access_token_ttl: i64,
    /// What it can allow, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    scopes: Option<Vec<ScopeView>>,
}

impl ResourceView {
    /// The resource alone.
    pub fn new(tenant_id: &str, resource: Resource) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: resource.id,
            name: resource.name,
            indicator: resource.indicator,
            is_default: resource.is_default,
            access_token_ttl: resource.access_token_ttl,
            scopes: None,
        }
    }

    /// The resource with what it can allow.
    #[must_use]
    pub fn with(mut self, scopes: Vec<Scope>) -> Self {
        let views = scopes
            .into_iter()
            .map(|scope| ScopeView::new(&self.tenant_id, scope));
        self.scopes = Some(views.collect());
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}
