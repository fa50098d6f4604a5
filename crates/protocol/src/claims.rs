//! Which claims about a person an application is told (OpenID Connect Core §5).

use serde_json::{Map, Value};

use crate::{client::Client, organization, scope::ScopeSet};

/// A scope, the claims it stands for, and whether they go into the ID token only when the tenant enabled them there.
struct Group {
    scope: &'static str,
    claims: &'static [&'static str],
    extended: bool,
}

/// `contract/logto-core.md` §3.10.
const GROUPS: &[Group] = &[
    Group {
        scope: "profile",
        claims: &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
            "username",
            "created_at",
        ],
        extended: false,
    },
    Group {
        scope: "email",
        claims: &["email", "email_verified"],
        extended: false,
    },
    Group {
        scope: "phone",
        claims: &["phone_number", "phone_number_verified"],
        extended: false,
    },
    Group {
        scope: "address",
        claims: &["address"],
        extended: false,
    },
    Group {
        scope: "custom_data",
        claims: &["custom_data"],
        extended: true,
    },
    Group {
        scope: "identities",
        claims: &["identities", "sso_identities"],
        extended: true,
    },
    Group {
        scope: "roles",
        claims: &["roles"],
        extended: true,
    },
    Group {
        scope: organization::SCOPE,
        claims: &["organizations", "organization_data"],
        extended: true,
    },
    Group {
        scope: organization::ROLES_SCOPE,
        claims: &["organization_roles"],
        extended: true,
    },
];

/// The extended claims that ID tokens of a new tenant carry.
pub const DEFAULT_ID_TOKEN_CLAIMS: &[&str] = &["roles", "organizations", "organization_roles"];

/// Where claims are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the ID token, with those extended claims that the tenant enabled there (`idToken.enabledExtendedClaims`).
    IdToken {
        /// Their names.
        extended: &'a [String],
    },
    /// At the userinfo endpoint.
    Userinfo,
}

/// The scopes about the person and the grant itself, as opposed to those of an API.
pub fn identity_scopes() -> impl Iterator<Item = &'static str> {
    ["openid", "offline_access"]
        .into_iter()
        .chain(GROUPS.iter().map(|group| group.scope))
}

/// Whether `scope` is one of [`identity_scopes`].
pub fn is_identity_scope(scope: &str) -> bool {
    identity_scopes().any(|known| known == scope)
}

/// The names of all claims about people that may be told.
pub fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|group| group.claims).copied()
}

/// The scope that stands for a claim; `None` where there is no such claim, or, for `sub`, no scope is needed.
pub fn scope_of(claim: &str) -> Option<&'static str> {
    let group = GROUPS.iter().find(|group| group.claims.contains(&claim));
    group.map(|group| group.scope)
}

/// Picks from everything known of a person what `client` is told at `place`: the claims of the granted scopes, and
/// those that the `claims` parameter asked for by name (§5.5).
///
/// By name only the standard claims can be had, and a third-party application none beyond its scopes: the consent
/// page names scopes. What is empty is left out, as §5.3.2 advises.
pub fn select(
    person: &Map<String, Value>,
    scope: &ScopeSet,
    by_name: &[String],
    client: &Client,
    place: Place<'_>,
) -> Map<String, Value> {
    let told = |group: &Group, claim: &str| {
        let by_name = !group.extended
            && !client.is_third_party
            && by_name.iter().any(|wanted| wanted == claim);
        let here = match place {
            Place::IdToken { extended } if group.extended => {
                extended.iter().any(|enabled| enabled == claim)
            }
            _ => true,
        };
        by_name || (scope.contains(group.scope) && here)
    };
    let mut claims = Map::new();
    for group in GROUPS {
        for claim in group.claims {
            if let Some(value) = person.get(*claim)
                && told(group, claim)
                && !is_empty(value)
            {
                claims.insert((*claim).to_owned(), value.clone());
            }
        }
    }
    claims
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{
        DEFAULT_ID_TOKEN_CLAIMS, Place, identity_scopes, is_identity_scope, names, select,
    };
    use crate::{client::ApplicationType::Traditional, samples::client, scope::ScopeSet};

    fn ann() -> Map<String, Value> {
        let person = json!({
            "sub": "ann", "name": "Ann", "username": "ann", "picture": null, "nickname": "",
            "updated_at": 5, "email": "ann@example.com", "email_verified": true,
            "phone_number": "15550100", "phone_number_verified": true,
            "address": {"country": "NO"}, "custom_data": {}, "identities": {}, "roles": [],
            "organizations": ["acme"], "organization_roles": ["acme:admin"],
            "organization_data": [{"id": "acme", "name": "Acme", "description": null}],
            "password_digest": "never",
        });
        person.as_object().unwrap().clone()
    }

    fn defaults() -> Vec<String> {
        DEFAULT_ID_TOKEN_CLAIMS
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// The names of what is told.
    fn told(scope: &str, by_name: &[&str], place: Place<'_>, third_party: bool) -> String {
        let mut client = client(Traditional);
        client.is_third_party = third_party;
        let by_name: Vec<_> = by_name.iter().map(ToString::to_string).collect();
        let claims = select(&ann(), &ScopeSet::parse(scope), &by_name, &client, place);
        let names: Vec<_> = claims.keys().map(String::as_str).collect();
        names.join(" ")
    }

    #[test]
    fn each_scope_stands_for_its_claims() {
        for (scope, claims) in [
            ("openid", ""),
            ("openid profile", "name updated_at username"),
            ("email", "email email_verified"),
            ("phone", "phone_number phone_number_verified"),
            ("address", "address"),
            ("custom_data", "custom_data"),
            ("identities", "identities"),
            ("roles", "roles"),
            (
                "urn:logto:scope:organizations",
                "organizations organization_data",
            ),
            ("urn:logto:scope:organization_roles", "organization_roles"),
            ("unknown sub", ""),
        ] {
            assert_eq!(told(scope, &[], Place::Userinfo, false), claims, "{scope}");
        }
    }

    #[test]
    fn extended_claims_are_in_the_id_token_only_when_enabled() {
        let scope = "email custom_data identities roles urn:logto:scope:organizations";
        let seed = defaults();
        let place = Place::IdToken { extended: &seed };
        assert_eq!(
            told(scope, &[], place, false),
            "email email_verified roles organizations"
        );
        let all = ["custom_data".to_owned()];
        let place = Place::IdToken { extended: &all };
        assert_eq!(
            told(scope, &[], place, false),
            "email email_verified custom_data"
        );
    }

    #[test]
    fn the_claims_parameter_gives_standard_claims_by_name() {
        let asked = [
            "name",
            "email",
            "roles",
            "custom_data",
            "password_digest",
            "sub",
        ];
        assert_eq!(told("openid", &asked, Place::Userinfo, false), "name email");
        let seed = defaults();
        let place = Place::IdToken { extended: &seed };
        assert_eq!(told("openid", &asked, place, false), "name email");
    }

    #[test]
    fn a_third_party_application_gets_nothing_beyond_its_scopes() {
        assert_eq!(told("openid", &["email"], Place::Userinfo, true), "");
        let with_scope = told("openid email", &["email", "name"], Place::Userinfo, true);
        assert_eq!(with_scope, "email email_verified");
    }

    #[test]
    fn identity_scopes_are_those_of_the_person() {
        assert_eq!(
            identity_scopes().collect::<Vec<_>>().join(" "),
            "openid offline_access profile email phone address custom_data identities roles \
             urn:logto:scope:organizations urn:logto:scope:organization_roles"
        );
        assert!(is_identity_scope("email"));
        assert!(!is_identity_scope("read:things"));
    }

    proptest! {
        #[test]
        fn t34_nothing_is_told_that_is_no_claim(scope in "[a-z_ ]{0,40}", asked in "[a-z_]{0,20}") {
            let by_name = [asked, "password_digest".to_owned()];
            let scope = ScopeSet::parse(&scope);
            let claims = select(&ann(), &scope, &by_name, &client(Traditional), Place::Userinfo);
            prop_assert!(claims.keys().all(|claim| names().any(|known| known == claim)));
        }
    }
}
