//! Codes that are sent to prove an address or a number (`contract/logto-core.md` §11.3).

use protocol::time::Time;
use serde::Deserialize;
use serde_json::Value;

use crate::experience::SignInExperience;

/// How many digits a code has.
pub const DIGITS: usize = 6;

/// How long codes are good and how often they may be mistyped: `verificationCodePolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// Seconds.
    pub expiration_duration: i64,
    /// Tries, the right one among them.
    pub max_retry_attempts: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            expiration_duration: 600,
            max_retry_attempts: 10,
        }
    }
}

impl Policy {
    /// The policy of a tenant.
    pub fn of(experience: &SignInExperience) -> Self {
        let stored = experience.other.get("verificationCodePolicy");
        let stored = stored.cloned().unwrap_or(Value::Null);
        let policy: Self = serde_json::from_value(stored).unwrap_or_default();
        Self {
            expiration_duration: policy.expiration_duration.clamp(60, 3600),
            max_retry_attempts: policy.max_retry_attempts.clamp(1, 100),
        }
    }
}

/// The digits of a code, of eight random bytes.
pub fn digits(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

/// A code that was sent and is still of use, after this try was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When it stops being good.
    pub expires_at: Time,
    /// How often it was tried, now among them.
    pub tries: i64,
    /// Whether it is the one that was typed.
    pub is_match: bool,
}

/// Why a code is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// None was sent, or it was used.
    NotFound,
    /// It was good once.
    Expired,
    /// It was mistyped too often.
    ExceedMaxTry,
    /// It is another one.
    CodeMismatch,
}

impl Refused {
    /// The code of Logto's API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "verification_code.not_found",
            Self::Expired => "verification_code.expired",
            Self::ExceedMaxTry => "verification_code.exceed_max_try",
            Self::CodeMismatch => "verification_code.code_mismatch",
        }
    }
}

/// Whether a code proves what it was sent for.
///
/// # Errors
/// When it does not.
pub fn check(sent: Option<Sent>, policy: Policy, now: Time) -> Result<(), Refused> {
    let sent = sent.ok_or(Refused::NotFound)?;
    if sent.expires_at <= now {
        return Err(Refused::Expired);
    }
    if sent.tries > policy.max_retry_attempts {
        return Err(Refused::ExceedMaxTry);
    }
    if !sent.is_match {
        return Err(Refused::CodeMismatch);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_code_is_accepted_in_time_and_within_its_tries() {
        let sent = |tries, is_match| {
            Some(Sent {
                expires_at: Time(100),
                tries,
                is_match,
            })
        };
        for (sent, now, expected) in [
            (None, 0, Err(Refused::NotFound)),
            (sent(1, true), 99, Ok(())),
            (sent(1, true), 100, Err(Refused::Expired)),
            (sent(1, false), 100, Err(Refused::Expired)),
            (sent(10, true), 0, Ok(())),
            (sent(11, true), 0, Err(Refused::ExceedMaxTry)),
            (sent(11, false), 0, Err(Refused::ExceedMaxTry)),
            (sent(1, false), 0, Err(Refused::CodeMismatch)),
        ] {
            assert_eq!(
                check(sent, Policy::default(), Time(now)),
                expected,
                "{sent:?} {now}"
            );
        }
    }

    #[test]
    fn the_tenants_policy_counts_within_bounds() {
        let mut experience = SignInExperience::default();
        assert_eq!(Policy::of(&experience), Policy::default());
        for (stored, expected) in [
            (json!({ "expirationDuration": 120 }), (120, 10)),
            (json!({ "maxRetryAttempts": 3 }), (600, 3)),
            (
                json!({ "expirationDuration": 1, "maxRetryAttempts": 0 }),
                (60, 1),
            ),
            (json!({ "expirationDuration": "x" }), (600, 10)),
        ] {
            let name = "verificationCodePolicy".to_owned();
            experience.other.insert(name, stored);
            let policy = Policy::of(&experience);
            assert_eq!(
                (policy.expiration_duration, policy.max_retry_attempts),
                expected
            );
        }
    }

    proptest! {
        #[test]
        fn a_code_has_six_digits(random in any::<[u8; 8]>()) {
            let code = digits(random);
            prop_assert_eq!(code.len(), DIGITS);
            prop_assert!(code.bytes().all(|digit| digit.is_ascii_digit()));
        }
    }
}
