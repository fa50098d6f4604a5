//! New signing keys.

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    },
};
use protocol::jose::{SigningAlgorithm, SigningKey};
use thiserror::Error;

/// The library could not make a key: memory or randomness ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a signing key could not be generated")]
pub struct NotGenerated;

/// A new private key for `algorithm`.
///
/// RSA keys have 2048 bits: what RFC 7518 §3.3 asks for, enough for keys that are rotated, and several times as fast to sign with as the
/// 4096 bits that Logto makes; RS256 signs most ID tokens here, so that is the cost of a sign-in. Longer keys can be brought along in
/// `OIDC_PRIVATE_KEYS`.
///
/// # Errors
/// When memory or randomness runs out.
pub fn generate(algorithm: SigningAlgorithm) -> Result<SigningKey, NotGenerated> {
    let curve = match algorithm {
        SigningAlgorithm::RS256 => {
            let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| NotGenerated)?;
            let pkcs8 = pair.as_der().map_err(|_| NotGenerated)?;
            return SigningKey::from_der(pkcs8.as_ref()).map_err(|_| NotGenerated);
        }
        SigningAlgorithm::ES256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        SigningAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        SigningAlgorithm::ES512 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    };
    let pair = EcdsaKeyPair::generate(curve).map_err(|_| NotGenerated)?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| NotGenerated)?;
    SigningKey::from_der(pkcs8.as_ref()).map_err(|_| NotGenerated)
}

#[cfg(test)]
mod tests {
    use protocol::jose::{SigningAlgorithm, SigningKey};

    use super::generate;

    #[test]
    fn a_new_key_is_of_the_algorithm_that_was_asked_for_and_is_new() {
        for algorithm in SigningAlgorithm::ALL {
            let key = generate(algorithm).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            assert_ne!(key.kid(), generate(algorithm).unwrap().kid());
            let stored = key.to_pkcs8().unwrap();
            assert_eq!(SigningKey::from_der(&stored).unwrap().kid(), key.kid());
        }
    }
}
