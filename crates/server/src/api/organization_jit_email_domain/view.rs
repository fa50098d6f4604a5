//! The e-mail domain of an organization as callers see it.

use serde::Serialize;
use utoipa::ToSchema;

/// People with a verified address of this domain join the organization when they register or sign in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganizationJitEmailDomain {
    tenant_id: String,
    organization_id: String,
    email_domain: String,
}

impl OrganizationJitEmailDomain {
    /// The domain of an organization.
    pub(super) fn new(tenant_id: &str, organization_id: &str, email_domain: String) -> Self {
        Self {
            tenant_id: tenant_id.to_owned(),
            organization_id: organization_id.to_owned(),
            email_domain,
        }
    }
}
