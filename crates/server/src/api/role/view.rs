//! A role as callers see it.

use serde::Serialize;
use store::{
    resource::{Resource, Scope},
    role::{Holders, Role, RoleType},
};
use utoipa::ToSchema;

use crate::api::{resource::ResourceView, scope::ScopeView};

/// What people or applications may ask of APIs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Role)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    tenant_id: String,
    id: String,
    name: String,
    description: String,
    #[serde(rename = "type")]
    #[schema(value_type = RoleKind)]
    kind: RoleType,
    /// Whether new users get it.
    is_default: bool,
}

/// Who can have a role.
#[derive(ToSchema)]
#[schema(as = RoleType)]
pub enum RoleKind {
    /// People.
    User,
    /// Applications that act for themselves.
    MachineToMachine,
}

impl RoleView {
    /// The role of a tenant.
    pub fn new(tenant_id: &str, role: Role) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: role.id,
            name: role.name,
            description: role.description,
            kind: role.kind,
            is_default: role.is_default,
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// A role and who has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoleWithHolders)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedRole {
    #[serde(flatten)]
    role: RoleView,
    users_count: i64,
    /// The first three.
    featured_users: Vec<FeaturedUser>,
    applications_count: i64,
    /// The first three.
    featured_applications: Vec<FeaturedApplication>,
}

/// A user, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeaturedUser {
    /// Its id.
    pub id: String,
    /// The address of a picture.
    pub avatar: Option<String>,
    /// The full name.
    pub name: Option<String>,
}

/// An application, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeaturedApplication {
    id: String,
    name: String,
    r#type: String,
}

impl ListedRole {
    /// The role and those who have it.
    pub(super) fn new(role: RoleView, holders: Holders) -> Self {
        let users = holders.first_users.into_iter();
        let applications = holders.first_applications.into_iter();
        Self {
            role,
            users_count: holders.users,
            featured_users: users
                .map(|(id, avatar, name)| FeaturedUser { id, avatar, name })
                .collect(),
            applications_count: holders.applications,
            featured_applications: applications
                .map(|(id, name, r#type)| FeaturedApplication { id, name, r#type })
                .collect(),
        }
    }
}

/// A scope with the API that it belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScopeWithResource)]
pub(super) struct RoleScope {
    #[serde(flatten)]
    scope: ScopeView,
    resource: ResourceView,
}

impl RoleScope {
    /// The scope and its API.
    pub(super) fn new(tenant_id: &str, (scope, resource): (Scope, Resource)) -> Self {
        Self {
            scope: ScopeView::new(tenant_id, scope),
            resource: ResourceView::new(tenant_id, resource),
        }
    }
}
