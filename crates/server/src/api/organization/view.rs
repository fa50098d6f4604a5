//! An organization as callers see it.

use serde::Serialize;
use serde_json::{Map, Value};
use store::{
    organization::{Members, Organization},
    organization_role::OrganizationRole,
};
use utoipa::ToSchema;

use crate::api::{
    millis::Millis,
    role::FeaturedUser,
    sign_in_exp::{Branding, PartialColor},
};

/// A group of people and applications with roles of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationView {
    tenant_id: String,
    id: String,
    name: String,
    description: Option<String>,
    #[schema(value_type = Object, additional_properties = true)]
    custom_data: Map<String, Value>,
    /// Whether its members need a second factor.
    is_mfa_required: bool,
    #[schema(value_type = PartialColor)]
    color: Map<String, Value>,
    #[schema(value_type = Branding)]
    branding: Map<String, Value>,
    custom_css: Option<String>,
    created_at: Millis,
}

impl OrganizationView {
    /// The organization of a tenant.
    pub fn new(tenant_id: &str, organization: Organization) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            id: organization.id,
            name: organization.name,
            description: organization.description,
            custom_data: organization.custom_data,
            is_mfa_required: organization.is_mfa_required,
            color: organization.color,
            branding: organization.branding,
            custom_css: organization.custom_css,
            created_at: organization.created_at.into(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// An organization of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedOrganization {
    #[serde(flatten)]
    organization: OrganizationView,
    /// How many members it has, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    users_count: Option<i64>,
    /// The first three of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    featured_users: Option<Vec<FeaturedUser>>,
}

impl ListedOrganization {
    /// The organization with its members, where they are wanted.
    pub(super) fn new(organization: OrganizationView, members: Option<Members>) -> Self {
        let users_count = members.as_ref().map(|members| members.users);
        let user = |(id, avatar, name)| FeaturedUser { id, avatar, name };
        let featured_users =
            members.map(|members| members.first_users.into_iter().map(user).collect());
        Self {
            organization,
            users_count,
            featured_users,
        }
    }
}

/// An organization with the roles that somebody has there.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberOrganization {
    #[serde(flatten)]
    organization: OrganizationView,
    organization_roles: Vec<RoleName>,
}

impl MemberOrganization {
    /// The organization and the roles.
    pub const fn new(organization: OrganizationView, organization_roles: Vec<RoleName>) -> Self {
        Self {
            organization,
            organization_roles,
        }
    }
}

/// An organization role, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleName {
    id: String,
    name: String,
}

impl From<OrganizationRole> for RoleName {
    fn from(role: OrganizationRole) -> Self {
        Self {
            id: role.id,
            name: role.name,
        }
    }
}
