//! A member of an organization as callers see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{application::ApplicationView, organization::RoleName};

/// A member with its roles in the organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrganizationApplication)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationApplication {
    #[serde(flatten)]
    pub(super) application: ApplicationView,
    /// By name.
    pub(super) organization_roles: Vec<RoleName>,
}
