//! A member of an organization as callers see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{organization::RoleName, user::UserInfo};

/// A member with its roles in the organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrganizationUser)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationUser {
    #[serde(flatten)]
    pub(super) user: UserInfo,
    /// By name.
    pub(super) organization_roles: Vec<RoleName>,
}
