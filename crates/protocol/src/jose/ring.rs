//! The keys of one tenant.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Expect, JwsRefused, SigningAlgorithm, SigningKey, verify};
use crate::time::Time;

/// Where a key stands in its rotation. All three are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// Signs.
    Current,
    /// Will sign: published beforehand so that clients know it by then.
    Next,
    /// Has signed: tokens made with it are still about.
    Previous,
}

/// A tenant's signing keys: per algorithm one that signs, and those before and after it.
#[derive(Clone, Debug)]
pub struct KeyRing {
    keys: Vec<(KeyStatus, SigningKey)>,
    jwks: Value,
}

impl KeyRing {
    /// Takes the keys in any order.
    pub fn new(mut keys: Vec<(KeyStatus, SigningKey)>) -> Self {
        keys.sort_by_key(|(status, key)| (rank(*status), place(key.algorithm())));
        let public: Vec<&Value> = keys.iter().map(|(_, key)| key.public_jwk()).collect();
        let jwks = json!({ "keys": public });
        Self { keys, jwks }
    }

    /// The key that signs when `preferred` is wanted. Without one, an elliptic key stands in for another curve's,
    /// then whatever signs at all; `None` only when nothing does.
    pub fn signer(&self, preferred: SigningAlgorithm) -> Option<&SigningKey> {
        let signing = || self.signing();
        signing()
            .find(|key| key.algorithm() == preferred)
            .or_else(|| {
                signing().find(|key| key.algorithm().is_elliptic() == preferred.is_elliptic())
            })
            .or_else(|| signing().next())
    }

    /// The JSON Web Key Set (RFC 7517 §5): keys that sign first, RS256 before the curves.
    pub const fn jwks(&self) -> &Value {
        &self.jwks
    }

    /// The algorithms that are really signed with, RS256 first when it is one of them.
    pub fn algorithms(&self) -> Vec<SigningAlgorithm> {
        let mut algorithms: Vec<_> = self.signing().map(SigningKey::algorithm).collect();
        algorithms.dedup();
        algorithms
    }

    /// Every key with its place in the rotation.
    pub fn keys(&self) -> impl Iterator<Item = (KeyStatus, &SigningKey)> {
        self.keys.iter().map(|(status, key)| (*status, key))
    }

    /// Checks a token that this server signed, and returns its claims; see [`verify`].
    pub fn verify(
        &self,
        token: &str,
        expect: &Expect<'_>,
        now: Time,
    ) -> Result<serde_json::Map<String, Value>, JwsRefused> {
        let keys = self.keys.iter().map(|(_, key)| key.verifying());
        verify(token, keys, expect, now)
    }

    fn signing(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys
            .iter()
            .filter(|(status, _)| *status == KeyStatus::Current)
            .map(|(_, key)| key)
    }
}

const fn rank(status: KeyStatus) -> u8 {
    match status {
        KeyStatus::Current => 0,
        KeyStatus::Next => 1,
        KeyStatus::Previous => 2,
    }
}

fn place(algorithm: SigningAlgorithm) -> usize {
    SigningAlgorithm::ALL
        .iter()
        .take_while(|known| **known != algorithm)
        .count()
}

#[cfg(test)]
mod tests {
    use super::{
        KeyRing,
        KeyStatus::{Current, Next, Previous},
    };
    use crate::jose::{SigningAlgorithm, TokenType, test_keys::*};

    #[test]
    fn each_algorithm_signs_with_its_own_current_key() {
        let (rsa, ec, newer) = (rs256(), es384(), es384());
        let ring = KeyRing::new(vec![
            (Previous, es384()),
            (Next, newer.clone()),
            (Current, ec.clone()),
            (Current, rsa.clone()),
        ]);
        let signer = |algorithm| ring.signer(algorithm).unwrap().kid();
        assert_eq!(signer(SigningAlgorithm::RS256), rsa.kid());
        assert_eq!(signer(SigningAlgorithm::ES384), ec.kid());
        assert_eq!(
            ring.algorithms(),
            [SigningAlgorithm::RS256, SigningAlgorithm::ES384]
        );
        let kids: Vec<_> = ring.jwks()["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap())
            .collect();
        assert_eq!(kids.len(), 4);
        assert_eq!(&kids[..3], [rsa.kid(), ec.kid(), newer.kid()]);
    }

    #[test]
    fn without_a_key_of_the_wanted_algorithm_another_stands_in() {
        let p256 = KeyRing::new(vec![(Current, es256())]);
        for wanted in SigningAlgorithm::ALL {
            let signer = p256.signer(wanted).unwrap();
            assert_eq!(signer.algorithm(), SigningAlgorithm::ES256);
        }
        assert_eq!(p256.algorithms(), [SigningAlgorithm::ES256]);

        let mixed = KeyRing::new(vec![(Current, rs256()), (Current, es512())]);
        let signer = mixed.signer(SigningAlgorithm::ES384).unwrap();
        assert_eq!(signer.algorithm(), SigningAlgorithm::ES512);

        let waiting = KeyRing::new(vec![(Next, es384())]);
        assert!(waiting.signer(SigningAlgorithm::ES384).is_none());
        assert!(waiting.algorithms().is_empty());
    }

    #[test]
    fn a_key_set_shows_no_private_member() {
        let ring = KeyRing::new(vec![(Current, rs256()), (Current, es384())]);
        for key in ring.jwks()["keys"].as_array().unwrap() {
            let names: Vec<_> = key.as_object().unwrap().keys().collect();
            let expected = match key["kty"].as_str().unwrap() {
                "RSA" => vec!["kty", "use", "kid", "alg", "n", "e"],
                _ => vec!["kty", "use", "kid", "alg", "crv", "x", "y"],
            };
            assert_eq!(names, expected);
            assert_eq!(key["use"], "sig");
        }
    }

    #[test]
    fn a_previous_key_still_verifies_and_a_foreign_one_does_not() {
        let old = es384();
        let ring = KeyRing::new(vec![(Current, es384()), (Previous, old.clone())]);
        let sign = |key: &crate::jose::SigningKey| key.sign(TokenType::IdToken, &claims()).unwrap();
        assert!(ring.verify(&sign(&old), &expect(), NOW).is_ok());
        assert!(ring.verify(&sign(&es384()), &expect(), NOW).is_err());
    }
}
