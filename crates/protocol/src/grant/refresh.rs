//! The refresh token grant (RFC 6749 §6): rotation in families, with a grace for clients that ask twice at once.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    client::{ApplicationType, Client},
    error::OAuthError,
    record::{Grant, IssuedRefreshToken},
    scope::ScopeSet,
    secret::Secret,
    time::Time,
};

/// Seconds for which a rotated token still answers with the successor it already has.
pub const GRACE: i64 = 60;

/// Seconds after which a family is no longer rotated: 365.25 days.
const LONGEST_CHAIN: i64 = 31_557_600;

/// What becomes of a refresh token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Mark it as rotated and store its [`successor`] with this end. Should another request have marked it first, [`Self::Repeat`].
    Rotate {
        /// When the successor stops working.
        expires_at: Time,
    },
    /// It stays, and the answer repeats it.
    Keep,
    /// It was rotated a moment ago: the answer repeats its [`successor`].
    Repeat,
    /// It was rotated before: somebody has a copy. Delete the grant, and answer [`reused`] (RFC 9700 §4.14.2).
    Reuse,
}

/// Decides what becomes of `token`, which `client` presents at `now`; a refusal is `invalid_grant` and changes nothing.
///
/// Public clients rotate at every use, confidential ones when 70 % of the token's life have passed. The successor has
/// a fresh life, save that an application in the browser inherits what is left (`contract/logto-core.md` §3.8).
pub fn redeem(
    token: &IssuedRefreshToken,
    grant: &Grant,
    client: &Client,
    now: Time,
) -> Result<Decision, OAuthError> {
    if token.client_id != client.id || grant.client_id != client.id {
        return Err(OAuthError::invalid_grant(
            "the refresh token belongs to another client",
        ));
    }
    if now >= token.expires_at || now >= grant.expires_at {
        return Err(OAuthError::invalid_grant("the refresh token has expired"));
    }
    Ok(match token.rotated_at {
        Some(rotated_at) if now.since(rotated_at) <= GRACE => Decision::Repeat,
        Some(_) => Decision::Reuse,
        None if is_rotation_due(token, client, now) => Decision::Rotate {
            expires_at: successor_expiry(token, grant, client, now),
        },
        None => Decision::Keep,
    })
}

/// What a client is told whose refresh token was used before.
pub fn reused() -> OAuthError {
    OAuthError::invalid_grant("the refresh token was used before: its grant is revoked")
}

fn is_rotation_due(token: &IssuedRefreshToken, client: &Client, now: Time) -> bool {
    if !client.rotate_refresh_token || now.since(token.family_started_at) > LONGEST_CHAIN {
        return false;
    }
    let life = token.expires_at.since(token.issued_at);
    let age = now.since(token.issued_at);
    !client.is_confidential() || age.saturating_mul(10) >= life.saturating_mul(7)
}

fn successor_expiry(token: &IssuedRefreshToken, grant: &Grant, client: &Client, now: Time) -> Time {
    match client.kind {
        ApplicationType::Spa => token.expires_at,
        _ => first_expiry(grant, client, now),
    }
}

/// When a refresh token issued at `now` stops working: after the client's time, but never after its grant.
pub fn first_expiry(grant: &Grant, client: &Client, now: Time) -> Time {
    now.plus(client.refresh_token_ttl).min(grant.expires_at)
}

/// The token that takes the place of `token`: base64url of HMAC-SHA256, 43 characters.
///
/// Being derived it is the same whenever it is asked for, so that nothing readable has to be stored for the grace.
pub fn successor(key: &[u8; 32], token: &Secret) -> Secret {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, token.reveal().as_bytes());
    Secret::new(URL_SAFE_NO_PAD.encode(tag))
}

/// Whether a new grant comes with a refresh token: `offline_access` was granted, or the application always gets one
/// (native ones never do without `offline_access`).
pub fn is_due(client: &Client, granted: &ScopeSet) -> bool {
    granted.contains("offline_access")
        || (client.always_issue_refresh_token && client.kind != ApplicationType::Native)
}

/// The scope of the new access token: what was granted, narrowed to what the request names.
///
/// Values that were not granted are passed over, not refused: RFC 6749 §6 forbids only widening, and clients repeat
/// their first `scope` with `offline_access` in it (`contract/clients.md` §8).
pub fn narrow(granted: &ScopeSet, requested: Option<&str>) -> ScopeSet {
    match requested {
        Some(text) if !text.trim().is_empty() => {
            let requested = ScopeSet::parse(text);
            granted.filtered(|value| requested.contains(value))
        }
        _ => granted.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{client, grant};
    use ApplicationType::{Native, Spa, Traditional};

    const DAY: i64 = 24 * 3600;
    const TTL: i64 = 14 * DAY;

    /// Issued at 0 for 14 days.
    fn token() -> IssuedRefreshToken {
        IssuedRefreshToken {
            grant_id: "grant".to_owned(),
            client_id: "chat".to_owned(),
            family_started_at: Time(0),
            issued_at: Time(0),
            expires_at: Time(TTL),
            rotated_at: None,
        }
    }

    fn long_grant() -> Grant {
        Grant {
            expires_at: Time(i64::MAX),
            ..grant("openid offline_access")
        }
    }

    fn decide(token: &IssuedRefreshToken, kind: ApplicationType, now: i64) -> Decision {
        redeem(token, &long_grant(), &client(kind), Time(now)).unwrap()
    }

    #[test]
    fn public_clients_rotate_at_every_use() {
        assert_eq!(
            decide(&token(), Native, 5),
            Decision::Rotate {
                expires_at: Time(5 + TTL)
            }
        );
    }

    #[test]
    fn an_application_in_the_browser_inherits_the_remaining_life() {
        assert_eq!(
            decide(&token(), Spa, 5 * DAY),
            Decision::Rotate {
                expires_at: Time(TTL)
            }
        );
    }

    #[test]
    fn confidential_clients_rotate_after_70_percent_of_the_life() {
        let due = TTL * 7 / 10;
        assert_eq!(decide(&token(), Traditional, 0), Decision::Keep);
        assert_eq!(decide(&token(), Traditional, due - 1), Decision::Keep);
        assert_eq!(
            decide(&token(), Traditional, due),
            Decision::Rotate {
                expires_at: Time(due + TTL)
            }
        );
    }

    #[test]
    fn a_client_that_does_not_rotate_keeps_its_token() {
        let mut still = client(Native);
        still.rotate_refresh_token = false;
        let decision = redeem(&token(), &long_grant(), &still, Time(TTL - 1));
        assert_eq!(decision, Ok(Decision::Keep));
    }

    #[test]
    fn a_family_older_than_365_and_a_quarter_days_is_not_rotated() {
        let mut token = token();
        token.expires_at = Time(i64::MAX);
        let limit = 365 * DAY + DAY / 4;
        assert!(matches!(
            decide(&token, Native, limit),
            Decision::Rotate { .. }
        ));
        assert_eq!(decide(&token, Native, limit + 1), Decision::Keep);
    }

    #[test]
    fn no_successor_outlives_the_grant() {
        let mut short = long_grant();
        short.expires_at = Time(DAY);
        let decision = redeem(&token(), &short, &client(Native), Time(5)).unwrap();
        assert_eq!(
            decision,
            Decision::Rotate {
                expires_at: Time(DAY)
            }
        );
        assert!(redeem(&token(), &short, &client(Native), Time(DAY)).is_err());
    }

    #[test]
    fn t16_within_the_grace_the_answer_repeats_and_later_the_family_dies() {
        let mut rotated = token();
        rotated.rotated_at = Some(Time(100));
        for kind in [Native, Spa, Traditional] {
            for (now, decision) in [
                (100, Decision::Repeat),
                (160, Decision::Repeat),
                (161, Decision::Reuse),
                (TTL - 1, Decision::Reuse),
            ] {
                assert_eq!(decide(&rotated, kind, now), decision, "{kind:?} {now}");
            }
        }
    }

    #[test]
    fn t16_the_successor_is_the_same_however_often_it_is_asked_for() {
        let token = Secret::new("token");
        let next = successor(&[7; 32], &token);
        assert_eq!(next, successor(&[7; 32], &token));
        assert_ne!(next, successor(&[8; 32], &token));
        assert_ne!(next, successor(&[7; 32], &Secret::new("tokem")));
        assert_eq!(next.reveal().len(), 43);
    }

    #[test]
    fn t10_a_refresh_token_of_another_client_is_refused() {
        let mut foreign = token();
        foreign.client_id = "other".to_owned();
        assert!(redeem(&foreign, &long_grant(), &client(Native), Time(0)).is_err());
        foreign.rotated_at = Some(Time(0));
        let late = redeem(&foreign, &long_grant(), &client(Native), Time(1_000));
        assert!(late.is_err(), "nor can another client kill the family");
        let mut elsewhere = long_grant();
        elsewhere.client_id = "other".to_owned();
        assert!(redeem(&token(), &elsewhere, &client(Native), Time(0)).is_err());
    }

    #[test]
    fn an_expired_refresh_token_is_refused() {
        let refused = redeem(&token(), &long_grant(), &client(Native), Time(TTL));
        assert_eq!(
            refused.unwrap_err(),
            OAuthError::invalid_grant("the refresh token has expired")
        );
    }

    #[test]
    fn offline_access_or_the_applications_setting_gives_a_refresh_token() {
        let offline = ScopeSet::parse("openid offline_access");
        let online = ScopeSet::parse("openid");
        for (kind, always, offline_due, online_due) in [
            (Traditional, false, true, false),
            (Traditional, true, true, true),
            (Spa, true, true, true),
            (Native, true, true, false),
        ] {
            let mut client = client(kind);
            client.always_issue_refresh_token = always;
            assert_eq!(is_due(&client, &offline), offline_due);
            assert_eq!(is_due(&client, &online), online_due, "{kind:?} {always}");
        }
    }

    #[test]
    fn scope_narrows_silently_and_never_widens() {
        let granted = ScopeSet::parse("openid email");
        for (requested, given) in [
            (None, "openid email"),
            (Some(""), "openid email"),
            (Some(" "), "openid email"),
            (Some("openid"), "openid"),
            (Some("email openid"), "openid email"),
            (Some("openid email offline_access"), "openid email"),
            (Some("openid admin"), "openid"),
            (Some("admin"), ""),
        ] {
            assert_eq!(
                narrow(&granted, requested).to_string(),
                given,
                "{requested:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn t21_no_request_widens_the_scope(granted in "[a-d ]{0,12}", requested in "[a-f \"]{0,12}") {
            let granted = ScopeSet::parse(&granted);
            let given = narrow(&granted, Some(&requested));
            prop_assert!(given.iter().all(|value| granted.contains(value)));
        }

        #[test]
        fn a_rotated_token_is_never_rotated_again(rotated in 0..TTL, later in 0..TTL, spa: bool) {
            let mut token = token();
            token.rotated_at = Some(Time(rotated));
            let kind = if spa { Spa } else { Native };
            let now = Time(rotated.saturating_add(later));
            if let Ok(decision) = redeem(&token, &long_grant(), &client(kind), now) {
                prop_assert!(matches!(decision, Decision::Repeat | Decision::Reuse));
            }
        }
    }
}
