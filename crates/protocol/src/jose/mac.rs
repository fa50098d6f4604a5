//! Signing with a secret that both sides know.

use aws_lc_rs::hmac::{self, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SignError;
use crate::secret::Secret;

/// An algorithm of the HMAC family (RFC 7518 §3.2). Nothing is ever verified with one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MacAlgorithm {
    /// With SHA-256.
    #[default]
    HS256,
    /// With SHA-384.
    HS384,
    /// With SHA-512.
    HS512,
}

impl MacAlgorithm {
    /// The `alg` value, such as `HS256`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }
}

/// Signs `claims` into a compact token whose header holds `alg` and `typ` alone (RFC 7515 §3.1).
pub fn sign_with_secret(
    algorithm: MacAlgorithm,
    secret: &Secret,
    claims: &impl Serialize,
) -> Result<String, SignError> {
    let header = json!({"alg": algorithm.as_str(), "typ": "JWT"});
    let payload = serde_json::to_vec(claims).map_err(|_| SignError)?;
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let function = match algorithm {
        MacAlgorithm::HS256 => HMAC_SHA256,
        MacAlgorithm::HS384 => HMAC_SHA384,
        MacAlgorithm::HS512 => HMAC_SHA512,
    };
    let key = hmac::Key::new(function, secret.reveal().as_bytes());
    let tag = hmac::sign(&key, token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(tag, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::{MacAlgorithm, sign_with_secret};
    use crate::{
        jose::{JwsRefused, test_keys::*, verify},
        secret::Secret,
    };

    const SECRET: &str = "a secret that both sides know and that is long enough for SHA-512";

    #[test]
    fn the_tag_is_over_header_and_claims_as_they_are_sent() {
        for (algorithm, function) in [
            (MacAlgorithm::HS256, hmac::HMAC_SHA256),
            (MacAlgorithm::HS384, hmac::HMAC_SHA384),
            (MacAlgorithm::HS512, hmac::HMAC_SHA512),
        ] {
            let token = sign_with_secret(algorithm, &Secret::new(SECRET), &claims()).unwrap();
            let (signed, tag) = token.rsplit_once('.').unwrap();
            let key = hmac::Key::new(function, SECRET.as_bytes());
            let tag = URL_SAFE_NO_PAD.decode(tag).unwrap();
            assert!(hmac::verify(&key, signed.as_bytes(), &tag).is_ok());
            let read = |segment: &str| -> Value {
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
            };
            let (header, payload) = signed.split_once('.').unwrap();
            assert_eq!(
                read(header),
                json!({"alg": algorithm.as_str(), "typ": "JWT"})
            );
            assert_eq!(read(payload), claims());
        }
    }

    #[test]
    fn t19_what_was_signed_with_a_secret_is_nobodys_signature() {
        for algorithm in [
            MacAlgorithm::HS256,
            MacAlgorithm::HS384,
            MacAlgorithm::HS512,
        ] {
            let token = sign_with_secret(algorithm, &Secret::new(SECRET), &claims()).unwrap();
            let refused = verify(&token, [rs256().verifying()], &expect(), NOW);
            assert_eq!(refused, Err(JwsRefused::UnknownKey));
        }
    }
}
