//! The kinds of scopes.

use serde::{Deserialize, Serialize};
use store::relation::{
    CIMD_ORGANIZATION_RESOURCE_SCOPES, CIMD_ORGANIZATION_SCOPES, CIMD_RESOURCE_SCOPES,
    CIMD_USER_SCOPES, CONSENT_ORGANIZATION_RESOURCE_SCOPES, CONSENT_ORGANIZATION_SCOPES,
    CONSENT_RESOURCE_SCOPES, CONSENT_USER_SCOPES, Relation,
};
use utoipa::ToSchema;

/// Whose scopes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whose<'a> {
    /// Those of a third-party application.
    Application(&'a str),
    /// Those of all clients that are known by their metadata document.
    Cimd,
}

impl<'a> Whose<'a> {
    /// What stands before a scope in the tables.
    pub(crate) fn parent(self) -> Vec<&'a str> {
        match self {
            Self::Application(id) => vec![id],
            Self::Cimd => Vec::new(),
        }
    }
}

/// A kind, as it stands in a path.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = ApplicationUserConsentScopeType)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::enum_variant_names, reason = "Logto's API spells them so")]
pub(crate) enum ScopeKind {
    OrganizationScopes,
    ResourceScopes,
    OrganizationResourceScopes,
    UserScopes,
}

impl ScopeKind {
    /// Where they are stored.
    pub(crate) const fn relation(self, whose: Whose<'_>) -> Relation {
        let (of_application, of_documents) = match self {
            Self::OrganizationScopes => (CONSENT_ORGANIZATION_SCOPES, CIMD_ORGANIZATION_SCOPES),
            Self::ResourceScopes => (CONSENT_RESOURCE_SCOPES, CIMD_RESOURCE_SCOPES),
            Self::OrganizationResourceScopes => (
                CONSENT_ORGANIZATION_RESOURCE_SCOPES,
                CIMD_ORGANIZATION_RESOURCE_SCOPES,
            ),
            Self::UserScopes => (CONSENT_USER_SCOPES, CIMD_USER_SCOPES),
        };
        match whose {
            Whose::Application(_) => of_application,
            Whose::Cimd => of_documents,
        }
    }
}

/// A scope about the person that an application of somebody else may be given.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserScope {
    Profile,
    Email,
    Phone,
    Address,
    CustomData,
    Identities,
    Roles,
    #[serde(rename = "urn:logto:scope:organizations")]
    Organizations,
    #[serde(rename = "urn:logto:scope:organization_roles")]
    OrganizationRoles,
}

impl UserScope {
    /// As it stands in a `scope`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::CustomData => "custom_data",
            Self::Identities => "identities",
            Self::Roles => "roles",
            Self::Organizations => "urn:logto:scope:organizations",
            Self::OrganizationRoles => "urn:logto:scope:organization_roles",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UserScope;

    #[test]
    fn t39_every_name_is_a_scope_that_claims_know_and_none_opens_the_account() {
        let read = |name: &str| serde_json::from_value::<UserScope>(name.into());
        for name in protocol::claims::identity_scopes() {
            let kept = [
                "openid",
                "offline_access",
                "urn:logto:scope:sessions",
                "urn:logto:scope:trusted_devices",
            ];
            match read(name) {
                Ok(scope) => assert_eq!(scope.name(), name),
                Err(_) => assert!(kept.contains(&name), "{name}"),
            }
        }
    }
}
