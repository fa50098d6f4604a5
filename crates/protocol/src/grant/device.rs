//! `urn:ietf:params:oauth:grant-type:device_code` (RFC 8628): signing in at a device that has no browser.

use crate::{
    client::Client,
    error::{ErrorCode, OAuthError},
    record::{DeviceState, IssuedDeviceCode},
    time::Time,
};

/// Life of a device code in seconds.
pub const LIFE: i64 = 600;

/// Seconds that a device waits between two questions (§3.2).
pub const INTERVAL: i64 = 5;

/// The letters of user codes: no vowels, so that they spell nothing (§6.1).
pub const USER_CODE_LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

/// The letters of one user code.
pub const USER_CODE_LENGTH: usize = 8;

/// A user code as people see it: `WDJB-MJHT`.
pub fn shown(user_code: &str) -> String {
    match user_code.split_at_checked(USER_CODE_LENGTH / 2) {
        Some((front, back)) => format!("{front}-{back}"),
        None => user_code.to_owned(),
    }
}

/// Reads a user code as people type it: in any case, with or without the dash (§6.1). `None` for what can be none.
pub fn read_user_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation() && *c != '‐' && *c != '–')
        .map(|c| c.to_ascii_uppercase())
        .take(USER_CODE_LENGTH + 1)
        .collect();
    let well_formed =
        code.len() == USER_CODE_LENGTH && code.bytes().all(|c| USER_CODE_LETTERS.contains(&c));
    well_formed.then_some(code)
}

/// Decides what a device hears that asks for its tokens: the grant they come of, once the person has agreed (§3.4, §3.5).
///
/// # Errors
/// `invalid_grant` for a code of another client, `expired_token`, `access_denied`, and while the person has not decided
/// `authorization_pending`, or `slow_down` to a device that asks more often than every [`INTERVAL`] seconds.
pub fn poll<'c>(
    code: &'c IssuedDeviceCode,
    client: &Client,
    now: Time,
) -> Result<&'c str, OAuthError> {
    let refused = |code, why: &'static str| Err(OAuthError::new(code, why));
    if code.client_id != client.id {
        return Err(OAuthError::invalid_grant(
            "the device code belongs to another client",
        ));
    }
    if now >= code.expires_at {
        return refused(ErrorCode::ExpiredToken, "the device code has expired");
    }
    match &code.state {
        DeviceState::Granted { grant_id } => Ok(grant_id),
        DeviceState::Denied => refused(ErrorCode::AccessDenied, "the user declined"),
        DeviceState::Pending => {
            let too_soon = |before: Time| now.since(before) < INTERVAL;
            if code.last_polled_at.is_some_and(too_soon) {
                return refused(
                    ErrorCode::SlowDown,
                    "wait 5 seconds longer between requests",
                );
            }
            let why = "the user has not decided yet";
            refused(ErrorCode::AuthorizationPending, why)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LIFE, USER_CODE_LETTERS, poll, read_user_code, shown};
    use crate::{
        client::ApplicationType::Native,
        error::ErrorCode,
        record::{DeviceState, IssuedDeviceCode},
        samples::client,
        time::Time,
    };

    #[test]
    fn a_user_code_is_read_however_it_is_typed() {
        for typed in [
            "WDJBMJHT",
            "WDJB-MJHT",
            "wdjb mjht",
            " wdjb–mjht\t",
            "W.D.J.B_MJHT",
        ] {
            assert_eq!(
                read_user_code(typed).as_deref(),
                Some("WDJBMJHT"),
                "{typed}"
            );
        }
        for typed in [
            "",
            "WDJB",
            "WDJB-MJHTX",
            "WDJB-MJHA",
            "WDJB-MJH1",
            "ẞDJB-MJHT",
        ] {
            assert_eq!(read_user_code(typed), None, "{typed}");
        }
        assert_eq!(shown("WDJBMJHT"), "WDJB-MJHT");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(picks in proptest::collection::vec(0..USER_CODE_LETTERS.len(), 8)) {
            let code: String = picks.into_iter().map(|pick| char::from(USER_CODE_LETTERS[pick])).collect();
            prop_assert_eq!(read_user_code(&shown(&code)), Some(code.clone()));
            prop_assert_eq!(read_user_code(&shown(&code).to_lowercase()), Some(code));
        }

        #[test]
        fn t53_anything_may_be_typed(typed in "\\PC{0,40}") {
            if let Some(code) = read_user_code(&typed) {
                prop_assert_eq!(code.len(), 8);
            }
        }
    }

    #[test]
    fn what_a_device_hears() {
        use DeviceState::{Denied, Pending};
        let granted = || DeviceState::Granted {
            grant_id: "g".to_owned(),
        };
        for (state, polled, at, heard) in [
            (Pending, None, 0, Err(ErrorCode::AuthorizationPending)),
            (Pending, Some(0), 5, Err(ErrorCode::AuthorizationPending)),
            (Pending, Some(0), 4, Err(ErrorCode::SlowDown)),
            (Pending, Some(0), LIFE, Err(ErrorCode::ExpiredToken)),
            (Denied, Some(0), 1, Err(ErrorCode::AccessDenied)),
            (granted(), Some(0), 1, Ok("g")),
            (granted(), None, LIFE - 1, Ok("g")),
            (granted(), None, LIFE, Err(ErrorCode::ExpiredToken)),
        ] {
            let code = IssuedDeviceCode {
                client_id: "chat".to_owned(),
                state: state.clone(),
                last_polled_at: polled.map(Time),
                expires_at: Time(LIFE),
            };
            let answer = poll(&code, &client(Native), Time(at)).map_err(|refused| refused.code);
            assert_eq!(answer, heard, "{state:?} {polled:?} {at}");
        }
    }

    #[test]
    fn t10_the_code_of_another_client_gives_nothing() {
        let code = IssuedDeviceCode {
            client_id: "other".to_owned(),
            state: DeviceState::Granted {
                grant_id: "g".to_owned(),
            },
            last_polled_at: None,
            expires_at: Time(LIFE),
        };
        let refused = poll(&code, &client(Native), Time(0)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidGrant);
    }
}
