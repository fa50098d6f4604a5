//! Token exchange (RFC 8693): a token about a person for an access token (`contract/logto-core.md` §3.9).

use serde_json::{Map, Value, json};

use crate::{
    claims::is_identity_scope,
    error::{ErrorCode, OAuthError},
    organization,
    record::Grant,
    scope::ScopeSet,
    time::Time,
    token::access_token,
};

/// The type of access tokens (RFC 8693 §3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Logto's type of subject tokens that an operator's program asked for.
pub const IMPERSONATION_TOKEN: &str = "urn:logto:token-type:impersonation_token";

/// Logto's type of personal access tokens.
pub const PERSONAL_ACCESS_TOKEN: &str = "urn:logto:token-type:personal_access_token";

/// Life of a subject token in seconds.
pub const SUBJECT_TOKEN_LIFE: i64 = 600;

/// How subject tokens begin.
pub const SUBJECT_TOKEN_PREFIX: &str = "sub_";

/// How personal access tokens begin.
pub const PERSONAL_ACCESS_TOKEN_PREFIX: &str = "pat_";

/// What is presented as `subject_token`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A subject token; it works once.
    Impersonation,
    /// An access token, opaque or signed.
    AccessToken,
    /// A personal access token.
    PersonalAccessToken,
}

impl SubjectKind {
    /// Reads `subject_token_type`, and lets the token itself say more where Logto's clients name every token an access token.
    ///
    /// # Errors
    /// `invalid_grant` for a type that is not exchanged.
    pub fn read(token_type: &str, token: &str) -> Result<Self, OAuthError> {
        match token_type {
            IMPERSONATION_TOKEN => Ok(Self::Impersonation),
            ACCESS_TOKEN if token.starts_with(SUBJECT_TOKEN_PREFIX) => Ok(Self::Impersonation),
            ACCESS_TOKEN => Ok(Self::AccessToken),
            PERSONAL_ACCESS_TOKEN => Ok(Self::PersonalAccessToken),
            _ => Err(OAuthError::invalid_grant(
                "this subject_token_type is not supported",
            )),
        }
    }
}

/// Refuses requests for anything but an access token (RFC 8693 §2.1).
pub fn check_requested_type(requested: Option<&str>) -> Result<(), OAuthError> {
    match requested {
        None | Some(ACCESS_TOKEN) => Ok(()),
        Some(_) => Err(OAuthError::invalid_request(
            "only access tokens are given: requested_token_type is another",
        )),
    }
}

/// Reads `actor_token` and its type: both are there, or neither (RFC 8693 §2.1).
pub fn actor<'a>(
    token: Option<&'a str>,
    token_type: Option<&str>,
) -> Result<Option<&'a str>, OAuthError> {
    match (token, token_type) {
        (None, None) => Ok(None),
        (Some(token), Some(ACCESS_TOKEN)) => Ok(Some(token)),
        (Some(_), Some(_)) => Err(OAuthError::invalid_grant(
            "actor_token_type must be that of access tokens",
        )),
        (Some(_), None) => Err(OAuthError::invalid_request("actor_token_type is missing")),
        (None, Some(_)) => Err(OAuthError::invalid_request("actor_token is missing")),
    }
}

/// What the access token gives that is exchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its scope.
    pub scope: ScopeSet,
    /// The API it is for; `None` for an opaque token.
    pub audience: Option<String>,
    /// The organization it is confined to.
    pub organization_id: Option<String>,
    /// Who acts for its owner (RFC 8693 §4.1).
    pub act: Option<Value>,
}

impl Shown {
    /// Reads a signed token of ours.
    pub fn signed(claims: &Map<String, Value>) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let audience = text("aud");
        let organization_id = text("organization_id")
            .or_else(|| audience.and_then(organization::of_audience))
            .map(str::to_owned);
        Self {
            scope: access_token::scope(claims),
            audience: audience.map(str::to_owned),
            organization_id,
            act: claims.get("act").cloned(),
        }
    }

    /// Reads an opaque token. `custom` are the claims that it has besides its own.
    pub fn opaque(scope: ScopeSet, custom: &Map<String, Value>) -> Self {
        Self {
            scope,
            act: custom.get("act").cloned(),
            ..Self::default()
        }
    }
}

/// The `act` claim of the new token: `actor`, who acts from now on, before those that acted already (RFC 8693 §4.1).
///
/// Without an actor the earlier ones stay: an exchange does not make a token look as if its owner held it.
pub fn act(actor: Option<&str>, earlier: Option<Value>) -> Option<Value> {
    match (actor, earlier) {
        (None, earlier) => earlier,
        (Some(actor), None) => Some(json!({ "sub": actor })),
        (Some(actor), Some(earlier)) => Some(json!({ "sub": actor, "act": earlier })),
    }
}

/// Ties the new `grant` to the one that the exchanged token came of: it ends with its session, unless that one outlives it,
/// and never later than it.
pub fn inherit(grant: &mut Grant, source: &Grant) {
    if !source.scope.contains("offline_access") {
        grant.session_id.clone_from(&source.session_id);
    }
    grant.auth_time = source.auth_time;
    grant.expires_at = grant.expires_at.min(source.expires_at);
}

/// The grant called `id` that `client_id` gets about a person by an exchange; it ends with its token, after `life` seconds.
pub fn grant(id: String, user_id: String, client_id: String, life: i64, now: Time) -> Grant {
    Grant {
        id,
        user_id,
        client_id,
        session_id: None,
        scope: ScopeSet::default(),
        resources: Vec::new(),
        auth_time: now,
        nonce: None,
        claims: None,
        created_at: now,
        expires_at: now.plus(life),
    }
}

/// What the new token may carry at most, before roles are looked at: the values that the request names.
///
/// An exchange never widens what an access token gives: what concerns the person must be in it, and a token for the same
/// `audience` has no more scopes. The scopes of another API are for the person's roles to say. `offline_access` is nothing an
/// access token could carry.
pub fn scope(requested: Option<&str>, shown: Option<&Shown>, audience: Option<&str>) -> ScopeSet {
    let requested = ScopeSet::parse(requested.unwrap_or_default());
    requested.filtered(|value| {
        let stays = value != "offline_access";
        stays
            && shown.is_none_or(|shown| {
                let same_audience = audience.is_some() && shown.audience.as_deref() == audience;
                let limited = is_identity_scope(value) || same_audience;
                !limited || shown.scope.contains(value)
            })
    })
}

/// Refuses to carry a token that is confined to an organization over to another, or out of all.
///
/// # Errors
/// `access_denied`.
pub fn check_organization(
    shown: Option<&Shown>,
    organization_id: Option<&str>,
) -> Result<(), OAuthError> {
    let confined = shown.and_then(|shown| shown.organization_id.as_deref());
    if confined.is_none() || confined == organization_id {
        return Ok(());
    }
    Err(OAuthError::new(
        ErrorCode::AccessDenied,
        "the subject token is confined to another organization",
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{
        ACCESS_TOKEN, IMPERSONATION_TOKEN, PERSONAL_ACCESS_TOKEN, Shown, SubjectKind, act, actor,
        check_organization, check_requested_type, grant, inherit, scope,
    };
    use crate::{error::ErrorCode, samples, scope::ScopeSet, time::Time};

    #[test]
    fn the_type_says_what_is_presented() {
        use SubjectKind::{AccessToken, Impersonation, PersonalAccessToken};
        for (token_type, token, kind) in [
            (IMPERSONATION_TOKEN, "sub_x", Some(Impersonation)),
            (IMPERSONATION_TOKEN, "x", Some(Impersonation)),
            (ACCESS_TOKEN, "sub_x", Some(Impersonation)),
            (ACCESS_TOKEN, "a.b.c", Some(AccessToken)),
            (ACCESS_TOKEN, "pat_x", Some(AccessToken)),
            (PERSONAL_ACCESS_TOKEN, "pat_x", Some(PersonalAccessToken)),
            ("urn:ietf:params:oauth:token-type:id_token", "a.b.c", None),
            ("urn:ietf:params:oauth:token-type:refresh_token", "x", None),
            ("urn:ietf:params:oauth:token-type:jwt", "a.b.c", None),
            ("", "sub_x", None),
        ] {
            let read = SubjectKind::read(token_type, token);
            assert_eq!(read.as_ref().ok(), kind.as_ref(), "{token_type} {token}");
            if let Err(refused) = read {
                assert_eq!(refused.code, ErrorCode::InvalidGrant);
            }
        }
    }

    #[test]
    fn only_access_tokens_are_given() {
        assert!(check_requested_type(None).is_ok());
        assert!(check_requested_type(Some(ACCESS_TOKEN)).is_ok());
        for other in ["", "urn:ietf:params:oauth:token-type:refresh_token"] {
            assert!(check_requested_type(Some(other)).is_err());
        }
    }

    #[test]
    fn t21_an_actor_comes_with_its_type() {
        assert_eq!(actor(None, None), Ok(None));
        assert_eq!(actor(Some("a"), Some(ACCESS_TOKEN)), Ok(Some("a")));
        for (token, token_type, code) in [
            (Some("a"), None, ErrorCode::InvalidRequest),
            (None, Some(ACCESS_TOKEN), ErrorCode::InvalidRequest),
            (
                Some("a"),
                Some("urn:ietf:params:oauth:token-type:id_token"),
                ErrorCode::InvalidGrant,
            ),
        ] {
            assert_eq!(actor(token, token_type).unwrap_err().code, code);
        }
    }

    fn shown(scope: &str, audience: Option<&str>) -> Shown {
        Shown {
            scope: ScopeSet::parse(scope),
            audience: audience.map(str::to_owned),
            organization_id: None,
            act: None,
        }
    }

    #[test]
    fn t21_an_exchange_does_not_widen_a_token() {
        let opaque = shown("openid profile", None);
        let signed = shown("openid read", Some("https://api"));
        let (api, other) = (Some("https://api"), Some("https://other"));
        for (requested, from, audience, given) in [
            (None, None, api, ""),
            (Some("openid read"), None, api, "openid read"),
            (Some("openid offline_access"), None, None, "openid"),
            (
                Some("openid email profile"),
                Some(&opaque),
                None,
                "openid profile",
            ),
            (Some("openid email read"), Some(&opaque), api, "openid read"),
            (Some("openid read write"), Some(&signed), api, "openid read"),
            (Some("read write"), Some(&signed), other, "read write"),
            (Some("email"), Some(&signed), other, ""),
        ] {
            let answer = scope(requested, from, audience).to_string();
            assert_eq!(answer, given, "{requested:?} {from:?} {audience:?}");
        }
    }

    #[test]
    fn t21_a_token_confined_to_an_organization_stays_there() {
        let mut confined = shown("openid", Some("https://api"));
        confined.organization_id = Some("acme".to_owned());
        assert!(check_organization(Some(&confined), Some("acme")).is_ok());
        for elsewhere in [None, Some("beta")] {
            let refused = check_organization(Some(&confined), elsewhere).unwrap_err();
            assert_eq!(refused.code, ErrorCode::AccessDenied);
        }
        confined.organization_id = None;
        for free in [None, Some("beta")] {
            assert!(check_organization(Some(&confined), free).is_ok());
            assert!(check_organization(None, free).is_ok());
        }
    }

    #[test]
    fn what_a_signed_token_is_for_is_read_from_its_claims() {
        for (claims, audience, organization_id) in [
            (
                json!({"aud": "https://api", "scope": "read"}),
                "https://api",
                None,
            ),
            (
                json!({"aud": "https://api", "scope": "read", "organization_id": "acme"}),
                "https://api",
                Some("acme"),
            ),
            (
                json!({"aud": "urn:logto:organization:acme", "scope": "read"}),
                "urn:logto:organization:acme",
                Some("acme"),
            ),
        ] {
            let shown = Shown::signed(claims.as_object().unwrap());
            assert_eq!(shown.scope, ScopeSet::parse("read"));
            assert_eq!(shown.audience.as_deref(), Some(audience));
            assert_eq!(shown.organization_id.as_deref(), organization_id);
        }
    }

    #[test]
    fn who_acted_before_is_not_forgotten() {
        let ann = json!({ "sub": "ann" });
        let both = json!({ "sub": "bob", "act": { "sub": "ann" } });
        assert_eq!(act(None, None), None);
        assert_eq!(act(Some("ann"), None), Some(ann.clone()));
        assert_eq!(act(None, Some(ann.clone())), Some(ann.clone()));
        assert_eq!(act(Some("bob"), Some(ann)), Some(both));
    }

    #[test]
    fn t24_a_new_grant_ends_no_later_than_the_one_it_came_of() {
        let made = || {
            grant(
                "n".to_owned(),
                "ann".to_owned(),
                "chat".to_owned(),
                3_600,
                Time(1_000),
            )
        };
        for (scope, left, session, expires_at) in [
            ("openid", 10_000, Some("s"), 4_600),
            ("openid", 60, Some("s"), 1_060),
            ("openid offline_access", 60, None, 1_060),
        ] {
            let mut source = samples::grant(scope);
            source.session_id = Some("s".to_owned());
            source.expires_at = Time(1_000 + left);
            let mut new = made();
            inherit(&mut new, &source);
            assert_eq!(new.session_id.as_deref(), session, "{scope}");
            assert_eq!(new.expires_at, Time(expires_at), "{scope}");
            assert_eq!(new.auth_time, source.auth_time);
        }
        assert_eq!(made().session_id, None);
    }

    proptest! {
        #[test]
        fn t21_nothing_is_given_that_was_not_asked_for(asked in "[a-z_ ]{0,30}", had in "[a-z_ ]{0,30}") {
            let given = scope(Some(&asked), Some(&shown(&had, Some("https://api"))), Some("https://api"));
            let (asked, had) = (ScopeSet::parse(&asked), ScopeSet::parse(&had));
            prop_assert!(given.iter().all(|value| asked.contains(value) && had.contains(value)));
        }
    }
}
