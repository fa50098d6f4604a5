//! JSON Web Signatures and Keys (RFC 7515, RFC 7517).

mod algorithm;
pub(crate) mod der;
#[cfg(test)]
mod foreign;
mod key;
mod mac;
mod pem;
mod public;
mod ring;
#[cfg(test)]
pub(crate) mod test_keys;
mod verify;

use serde::{Deserialize, Serialize};

pub use self::{
    algorithm::VerifyingAlgorithm,
    key::{KeyError, SignError, SigningKey},
    mac::{MacAlgorithm, sign_with_secret},
    public::VerifyingKey,
    ring::{KeyRing, KeyStatus},
    verify::{Expect, JwsRefused, verify},
};

/// An algorithm that this server signs with (RFC 7518 §3.1). Others' signatures may have more: [`VerifyingAlgorithm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
}

impl SigningAlgorithm {
    /// Every algorithm, in the order in which they are offered and stand in for one another.
    pub const ALL: [Self; 4] = [Self::RS256, Self::ES384, Self::ES256, Self::ES512];

    /// The `alg` value, such as `RS256`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
        }
    }

    /// Whether it signs with an elliptic curve.
    pub const fn is_elliptic(self) -> bool {
        !matches!(self, Self::RS256)
    }

    /// The `crv` value of its keys (RFC 7518 §6.2.1.1).
    const fn curve(self) -> Option<&'static str> {
        match self {
            Self::RS256 => None,
            Self::ES256 => Some("P-256"),
            Self::ES384 => Some("P-384"),
            Self::ES512 => Some("P-521"),
        }
    }

    /// Bytes of one coordinate of a public key (RFC 7518 §6.2.1.2).
    const fn coordinate_length(self) -> usize {
        match self {
            Self::RS256 => 0,
            Self::ES256 => 32,
            Self::ES384 => 48,
            Self::ES512 => 66,
        }
    }
}

/// What a signed token is for: its `typ` keeps one kind from being taken for another (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// An ID token: `JWT`.
    IdToken,
    /// A JWT access token: `at+jwt` (RFC 9068 §2.1).
    AccessToken,
    /// A logout token: `logout+jwt` (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
}

impl TokenType {
    const ALL: [Self; 3] = [Self::IdToken, Self::AccessToken, Self::LogoutToken];

    /// The `typ` value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "JWT",
            Self::AccessToken => "at+jwt",
            Self::LogoutToken => "logout+jwt",
        }
    }

    /// Whether a token with this `typ` may be one of these. ID tokens of other issuers, and Logto's, leave `typ` out.
    fn admits(self, typ: Option<&str>) -> bool {
        match typ {
            None => self == Self::IdToken,
            Some(typ) => {
                let typ = typ.strip_prefix("application/").unwrap_or(typ);
                typ.eq_ignore_ascii_case(self.as_str())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenType;

    #[test]
    fn t19_no_typ_is_taken_for_another() {
        assert!(TokenType::IdToken.admits(None));
        assert!(TokenType::IdToken.admits(Some("jwt")));
        assert!(TokenType::AccessToken.admits(Some("application/at+jwt")));
        for (wanted, typ) in [
            (TokenType::IdToken, Some("at+jwt")),
            (TokenType::IdToken, Some("logout+jwt")),
            (TokenType::AccessToken, Some("JWT")),
            (TokenType::AccessToken, None),
            (TokenType::LogoutToken, Some("JWT")),
            (TokenType::LogoutToken, None),
        ] {
            assert!(!wanted.admits(typ), "{wanted:?} {typ:?}");
        }
    }
}
