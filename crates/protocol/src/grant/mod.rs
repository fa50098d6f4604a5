//! Grants: what entitles a client to tokens, and the rules of each grant type (RFC 6749 §4).

pub mod client_credentials;
pub mod code;
pub mod device;
pub mod exchange;
pub mod limit;
pub mod refresh;

use crate::{
    client::{ApplicationType, Client},
    error::{ErrorCode, OAuthError},
    record::{Grant, Session},
    time::Time,
};

/// The life of a grant in seconds: 180 days.
pub const LIFE: i64 = 180 * 24 * 3600;

/// A `grant_type` that the token endpoint knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 8693.
    TokenExchange,
    /// RFC 8628.
    DeviceCode,
}

impl GrantType {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 5] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
        Self::TokenExchange,
        Self::DeviceCode,
    ];

    /// The `grant_type` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }

    /// Reads the `grant_type` parameter: `invalid_request` when it is missing, `unsupported_grant_type` when it is unknown.
    pub fn parse(parameter: Option<&str>) -> Result<Self, OAuthError> {
        let text = parameter
            .filter(|text| !text.is_empty())
            .ok_or_else(|| OAuthError::invalid_request("grant_type is missing"))?;
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == text)
            .ok_or_else(|| {
                OAuthError::new(
                    ErrorCode::UnsupportedGrantType,
                    "this grant_type is not supported",
                )
            })
    }

    /// Refuses with `unauthorized_client` a client whose kind may not use this grant type (`contract/logto-core.md` §3.3).
    pub fn check(self, client: &Client) -> Result<(), OAuthError> {
        let acts_for_itself = client.kind == ApplicationType::MachineToMachine;
        let may = match self {
            Self::AuthorizationCode => !acts_for_itself && !client.is_device_flow,
            Self::RefreshToken => !acts_for_itself,
            Self::ClientCredentials => acts_for_itself,
            Self::DeviceCode => client.is_device_flow,
            Self::TokenExchange => client.allow_token_exchange && !client.is_third_party,
        };
        if may {
            return Ok(());
        }
        Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "the application may not use this grant_type",
        ))
    }
}

/// Whether the grant still gives anything.
///
/// It has not ended, and unless `offline_access` frees it from its session, that session is still alive (OpenID Connect
/// Core §11). `session` is the one the grant names, if it is still there.
pub fn lives(grant: &Grant, session: Option<&Session>, now: Time) -> bool {
    if now >= grant.expires_at {
        return false;
    }
    if grant.session_id.is_none() || grant.scope.contains("offline_access") {
        return true;
    }
    session.is_some_and(|session| {
        Some(&session.id) == grant.session_id.as_ref()
            && session.user_id == grant.user_id
            && now < session.expires_at
    })
}

#[cfg(test)]
mod tests {
    use super::{GrantType, lives};
    use crate::{
        client::ApplicationType::*,
        error::ErrorCode,
        samples::{client, grant, session},
        scope::ScopeSet,
        time::Time,
    };

    #[test]
    fn each_kind_of_application_has_its_grant_types() {
        use GrantType::{AuthorizationCode, ClientCredentials, RefreshToken};
        for (kind, allowed) in [
            (Native, &[AuthorizationCode, RefreshToken][..]),
            (Spa, &[AuthorizationCode, RefreshToken]),
            (Traditional, &[AuthorizationCode, RefreshToken]),
            (Protected, &[AuthorizationCode, RefreshToken]),
            (Saml, &[AuthorizationCode, RefreshToken]),
            (MachineToMachine, &[ClientCredentials]),
        ] {
            for grant_type in GrantType::ALL {
                let answer = grant_type.check(&client(kind));
                assert_eq!(
                    answer.is_ok(),
                    allowed.contains(&grant_type),
                    "{kind:?} {grant_type:?}"
                );
                if let Err(refused) = answer {
                    assert_eq!(refused.code, ErrorCode::UnauthorizedClient);
                }
            }
        }
    }

    #[test]
    fn a_device_signs_in_by_codes_alone() {
        let mut device = client(Native);
        device.is_device_flow = true;
        for (grant_type, may) in [
            (GrantType::DeviceCode, true),
            (GrantType::RefreshToken, true),
            (GrantType::AuthorizationCode, false),
            (GrantType::ClientCredentials, false),
            (GrantType::TokenExchange, false),
        ] {
            assert_eq!(grant_type.check(&device).is_ok(), may, "{grant_type:?}");
        }
    }

    #[test]
    fn tokens_are_exchanged_where_the_operator_allows_it() {
        for kind in [Native, Spa, Traditional, MachineToMachine] {
            let mut client = client(kind);
            client.allow_token_exchange = true;
            assert!(GrantType::TokenExchange.check(&client).is_ok(), "{kind:?}");
            client.is_third_party = true;
            assert!(GrantType::TokenExchange.check(&client).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn an_unknown_grant_type_is_unsupported_and_a_missing_one_invalid() {
        for grant_type in GrantType::ALL {
            assert_eq!(GrantType::parse(Some(grant_type.as_str())), Ok(grant_type));
        }
        for (text, code) in [
            (None, ErrorCode::InvalidRequest),
            (Some(""), ErrorCode::InvalidRequest),
            (Some("implicit"), ErrorCode::UnsupportedGrantType),
            (Some("password"), ErrorCode::UnsupportedGrantType),
            (
                Some("urn:openid:params:grant-type:ciba"),
                ErrorCode::UnsupportedGrantType,
            ),
        ] {
            assert_eq!(GrantType::parse(text).unwrap_err().code, code, "{text:?}");
        }
    }

    #[test]
    fn without_offline_access_a_grant_dies_with_its_session() {
        let now = Time(1_000);
        let bound = grant("openid email");
        let alive = session();
        assert!(lives(&bound, Some(&alive), now));
        assert!(!lives(&bound, None, now), "logged out");
        assert!(!lives(&bound, Some(&alive), alive.expires_at));

        let mut anothers = alive.clone();
        anothers.user_id = "bob".to_owned();
        assert!(!lives(&bound, Some(&anothers), now));
        let mut other = alive;
        other.id = "other".to_owned();
        assert!(!lives(&bound, Some(&other), now));
    }

    #[test]
    fn with_offline_access_a_grant_outlives_its_session_but_not_itself() {
        let free = grant("openid offline_access");
        assert!(lives(&free, None, free.expires_at.plus(-1)));
        assert!(!lives(&free, None, free.expires_at));
        let mut without_session = grant("openid");
        without_session.session_id = None;
        assert!(lives(&without_session, None, Time(1_000)));
        assert_eq!(without_session.scope, ScopeSet::parse("openid"));
    }
}
