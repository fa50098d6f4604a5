//! Organizations in OpenID Connect: who gets tokens for one, and what they allow (`contract/logto-core.md` §3.6, §3.8).

use crate::{
    client::{Client, Resource},
    error::{ErrorCode, OAuthError},
    jose::SigningAlgorithm,
    scope::ScopeSet,
};

/// The scope that tells of a person's organizations and opens tokens for them.
pub const SCOPE: &str = "urn:logto:scope:organizations";

/// The scope that tells of a person's roles in organizations.
pub const ROLES_SCOPE: &str = "urn:logto:scope:organization_roles";

/// Logto's name for all organizations. Its SDKs put it beside real resources; it stands for no audience.
pub const RESOURCE: &str = "urn:logto:resource:organizations";

/// Life of an organization token in seconds.
const TOKEN_LIFE: i64 = 3600;

/// The `aud` of a token for an organization.
pub fn audience(id: &str) -> String {
    format!("urn:logto:organization:{id}")
}

/// The organization that a token with this `aud` is for.
pub fn of_audience(audience: &str) -> Option<&str> {
    audience.strip_prefix("urn:logto:organization:")
}

/// What a token for an organization itself is made for.
pub fn resource(id: &str) -> Resource {
    Resource {
        indicator: audience(id),
        access_token_ttl: TOKEN_LIFE,
        algorithm: SigningAlgorithm::ES384,
    }
}

/// How a member stands to an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    /// Whether the organization asks its members for a second factor.
    pub needs_mfa: bool,
    /// Whether the member has one.
    pub has_mfa: bool,
    /// Whether the member lets the third-party application in question act there.
    pub has_consented: bool,
}

/// Whether a person who was granted `granted` through `client` gets tokens for an organization; `membership` is `None`
/// for whoever does not belong to it, or when there is no such organization.
///
/// # Errors
/// `insufficient_scope` without [`SCOPE`]; `access_denied` for others than members, for third-party applications that the
/// member did not let in, and for members without the second factor that the organization asks for.
pub fn admit(
    granted: &ScopeSet,
    client: &Client,
    membership: Option<Membership>,
) -> Result<(), OAuthError> {
    if !granted.contains(SCOPE) {
        return Err(OAuthError::new(
            ErrorCode::InsufficientScope,
            "the grant lacks the scope urn:logto:scope:organizations",
        ));
    }
    admit_member(client, membership)
}

/// The same where no grant says what a person wants told: for a token exchange (`contract/logto-core.md` §3.9).
///
/// # Errors
/// `access_denied`.
pub fn admit_member(client: &Client, membership: Option<Membership>) -> Result<(), OAuthError> {
    let denied = |why: &'static str| Err(OAuthError::new(ErrorCode::AccessDenied, why));
    match membership {
        None => denied("the user is not a member of the organization"),
        Some(membership) if client.is_third_party && !membership.has_consented => {
            denied("the user did not let the application into the organization")
        }
        Some(membership) if membership.needs_mfa && !membership.has_mfa => {
            denied("the organization asks for a second factor, and the user has none")
        }
        Some(_) => Ok(()),
    }
}

/// What an application is told that acts in no such organization.
pub fn not_a_member() -> OAuthError {
    OAuthError::new(
        ErrorCode::AccessDenied,
        "the application is not a member of the organization",
    )
}

/// The scope of a token for an organization itself: what was granted and what the member's roles there give now. What
/// concerns the person is not in it, since the organization is the only audience.
pub fn scope(granted: &ScopeSet, held: &ScopeSet) -> ScopeSet {
    granted.filtered(|value| held.contains(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Membership, admit, audience, resource, scope};
    use crate::{
        client::ApplicationType::Traditional, error::ErrorCode, samples::client, scope::ScopeSet,
    };

    #[test]
    fn who_gets_tokens_for_an_organization() {
        let usual = Membership::default();
        let (needed, had) = (
            Membership {
                needs_mfa: true,
                ..usual
            },
            Membership {
                needs_mfa: true,
                has_mfa: true,
                ..usual
            },
        );
        let consented = Membership {
            has_consented: true,
            ..usual
        };
        let with = "openid urn:logto:scope:organizations";
        for (granted, third_party, membership, refused) in [
            (with, false, Some(usual), None),
            (
                "openid",
                false,
                Some(usual),
                Some(ErrorCode::InsufficientScope),
            ),
            (
                "openid urn:logto:scope:organization_roles",
                false,
                Some(usual),
                Some(ErrorCode::InsufficientScope),
            ),
            (with, false, None, Some(ErrorCode::AccessDenied)),
            (with, false, Some(needed), Some(ErrorCode::AccessDenied)),
            (with, false, Some(had), None),
            (with, true, Some(usual), Some(ErrorCode::AccessDenied)),
            (with, true, Some(consented), None),
            (with, true, None, Some(ErrorCode::AccessDenied)),
        ] {
            let mut client = client(Traditional);
            client.is_third_party = third_party;
            let answer = admit(&ScopeSet::parse(granted), &client, membership);
            assert_eq!(
                answer.err().map(|error| error.code),
                refused,
                "{granted} {third_party} {membership:?}"
            );
        }
    }

    #[test]
    fn an_organization_token_is_for_the_organization_for_an_hour() {
        let resource = resource("acme");
        assert_eq!(resource.indicator, audience("acme"));
        assert_eq!(resource.indicator, "urn:logto:organization:acme");
        assert_eq!(resource.access_token_ttl, 3600);
    }

    proptest! {
        #[test]
        fn t17_an_organization_token_never_exceeds_grant_or_roles(granted in "[a-d ]{0,12}", held in "[a-d ]{0,12}") {
            let (granted, held) = (ScopeSet::parse(&granted), ScopeSet::parse(&held));
            let given = scope(&granted, &held);
            prop_assert!(given.iter().all(|value| granted.contains(value) && held.contains(value)));
            prop_assert!(granted.iter().all(|value| !held.contains(value) || given.contains(value)));
        }
    }
}
