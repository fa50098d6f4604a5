//! Second factors: what a person has, and what may be added to it (`contract/logto-core.md` §11).

use protocol::time::Time;
use serde::{Deserialize, Serialize};

/// How many backup codes a set has.
pub const BACKUP_CODES: usize = 10;
/// How many hexadecimal digits a backup code has.
pub const BACKUP_CODE_LENGTH: usize = 10;

/// A second factor of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaVerification {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// When it was added.
    pub created_at: Time,
    /// When it was used last.
    pub last_used_at: Option<Time>,
    /// What it is.
    pub factor: Factor,
}

/// A second factor with its secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Factor {
    /// An authenticator app (RFC 6238).
    Totp {
        /// The shared secret in base32.
        key: String,
    },
    /// A passkey.
    #[serde(rename_all = "camelCase")]
    WebAuthn {
        /// What the person calls it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The browser in which it was made.
        agent: String,
    },
    /// Codes on paper.
    BackupCode {
        /// Used ones included.
        codes: Vec<BackupCode>,
    },
}

/// A code on paper.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupCode {
    /// Ten hexadecimal digits.
    pub code: String,
    /// When it was used, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<i64>,
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Factor {
    /// A fresh set of backup codes.
    pub fn backup_codes(codes: Vec<String>) -> Self {
        let unused = |code| BackupCode {
            code,
            used_at: None,
        };
        Self::BackupCode {
            codes: codes.into_iter().map(unused).collect(),
        }
    }

    /// Logto's name of its kind.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Totp { .. } => "Totp",
            Self::WebAuthn { .. } => "WebAuthn",
            Self::BackupCode { .. } => "BackupCode",
        }
    }

    /// Of backup codes: how many are left.
    pub fn unused_codes(&self) -> Option<usize> {
        match self {
            Self::BackupCode { codes } => {
                Some(codes.iter().filter(|code| code.used_at.is_none()).count())
            }
            _ => None,
        }
    }
}

/// Why a factor cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is an authenticator app already.
    TotpInUse,
    /// There are backup codes that were not used.
    BackupCodesInUse,
    /// Backup codes help only beside another factor.
    BackupCodesAlone,
}

/// Whether a person who has `held` may add `new`: one authenticator app, and one set of backup codes beside another factor.
///
/// # Errors
/// Why not.
pub fn may_add(held: &[MfaVerification], new: &Factor) -> Result<(), Fault> {
    let mut factors = held.iter().map(|verification| &verification.factor);
    match new {
        Factor::Totp { .. } if factors.any(|held| matches!(held, Factor::Totp { .. })) => {
            Err(Fault::TotpInUse)
        }
        Factor::BackupCode { .. } => {
            let mut unused = factors.clone().filter_map(Factor::unused_codes);
            if unused.any(|left| left > 0) {
                return Err(Fault::BackupCodesInUse);
            }
            if factors.any(|held| held.unused_codes().is_none()) {
                Ok(())
            } else {
                Err(Fault::BackupCodesAlone)
            }
        }
        _ => Ok(()),
    }
}

/// Whether a text is a shared secret that authenticator apps take: 16 to 32 characters of base32 (RFC 4648 §6).
pub fn is_totp_secret(text: &str) -> bool {
    (16..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
}

/// Whether these are backup codes: ten different ones of ten hexadecimal digits.
pub fn are_backup_codes(codes: &[String]) -> bool {
    let is_code = |code: &String| {
        code.len() == BACKUP_CODE_LENGTH
            && code
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let different: std::collections::BTreeSet<_> = codes.iter().collect();
    codes.len() == BACKUP_CODES && different.len() == codes.len() && codes.iter().all(is_code)
}

/// Bytes in base32 without padding (RFC 4648 §6), as authenticator apps want them.
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.len() * 8;
    let bit = |at: usize| {
        let byte = bytes.get(at / 8).copied().unwrap_or(0);
        usize::from(byte >> (7 - at % 8) & 1)
    };
    (0..bits.div_ceil(5))
        .filter_map(|group| {
            let value = (0..5).fold(0, |value, at| value * 2 + bit(group * 5 + at));
            ALPHABET.get(value).map(|&letter| char::from(letter))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{
        Factor, Fault, MfaVerification, are_backup_codes, base32, is_totp_secret, may_add,
    };
    use protocol::time::Time;

    fn held(factor: Factor) -> MfaVerification {
        MfaVerification {
            id: "m".to_owned(),
            created_at: Time(0),
            last_used_at: None,
            factor,
        }
    }

    fn totp() -> Factor {
        Factor::Totp {
            key: "GEZDGNBVGY3TQOJQ".to_owned(),
        }
    }

    fn codes(used: bool) -> Factor {
        let mut codes = Factor::backup_codes(vec!["0123456789".to_owned()]);
        if let (Factor::BackupCode { codes }, true) = (&mut codes, used) {
            codes[0].used_at = Some(1);
        }
        codes
    }

    #[test]
    fn there_is_one_app_and_one_set_of_codes_beside_another_factor() {
        let passkey = || Factor::WebAuthn {
            name: None,
            agent: "Firefox".to_owned(),
        };
        for (held_now, new, expected) in [
            (vec![], totp(), Ok(())),
            (vec![totp()], totp(), Err(Fault::TotpInUse)),
            (vec![passkey()], passkey(), Ok(())),
            (vec![], codes(false), Err(Fault::BackupCodesAlone)),
            (
                vec![codes(true)],
                codes(false),
                Err(Fault::BackupCodesAlone),
            ),
            (vec![passkey()], codes(false), Ok(())),
            (
                vec![totp(), codes(false)],
                codes(false),
                Err(Fault::BackupCodesInUse),
            ),
            (vec![totp(), codes(true)], codes(false), Ok(())),
        ] {
            let held_now: Vec<_> = held_now.into_iter().map(held).collect();
            assert_eq!(may_add(&held_now, &new), expected, "{held_now:?} {new:?}");
        }
    }

    #[test]
    fn secrets_and_codes_have_their_form() {
        let long = "A".repeat(33);
        for (text, is) in [
            ("GEZDGNBVGY3TQOJQ", true),
            ("gezdgnbvgy3tqojq", false),
            ("SHORT", false),
            ("GEZDGNBVGY3TQOJ1", false),
            (&long, false),
        ] {
            assert_eq!(is_totp_secret(text), is, "{text}");
        }
        let good: Vec<_> = (0..10).map(|number| format!("00000000a{number}")).collect();
        assert!(are_backup_codes(&good));
        assert!(!are_backup_codes(&good[1..]));
        assert!(!are_backup_codes(&vec!["0123456789".to_owned(); 10]));
        assert!(!are_backup_codes(
            &good
                .iter()
                .map(|code| code.to_uppercase())
                .collect::<Vec<_>>()
        ));
    }

    #[test]
    fn rfc_4648_section_10_test_vectors() {
        for (text, encoded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn nothing_secret_is_in_debug_output() {
        assert_eq!(format!("{:?}", totp()), "Totp");
        assert_eq!(format!("{:?}", codes(false)), "BackupCode");
    }
}
