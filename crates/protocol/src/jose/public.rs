//! Public keys and their JSON form.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::ParsedPublicKey,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{SigningAlgorithm, VerifyingAlgorithm, der};

/// The most keys of one set that are looked at.
const MOST_KEYS: usize = 100;

/// A public key that signatures are checked with, each algorithm of it ready for use.
pub struct VerifyingKey {
    kid: Option<String>,
    ways: Vec<(VerifyingAlgorithm, ParsedPublicKey)>,
}

impl VerifyingKey {
    /// Reads a JSON Web Key. `None` when it is not for checking signatures, is private, or is of a kind not spoken here;
    /// one set may hold such keys beside useful ones (RFC 7517 §5).
    ///
    /// A key that names its algorithm is used with that one alone. A point on a curve has only one anyway; an RSA key
    /// that names none is used with those of RSA, and with no other.
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if !is_for_verifying(jwk) || jwk.get("d").is_some() {
            return None;
        }
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        // A name that is not known leaves no way, whatever the kind of key.
        let named = |algorithm: &VerifyingAlgorithm| {
            jwk.get("alg").is_none_or(|alg| {
                alg.as_str().and_then(VerifyingAlgorithm::parse) == Some(*algorithm)
            })
        };
        let ways: Vec<_> = match text("kty")? {
            "RSA" => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                let (n, e) = (der::without_zeros(&n), der::without_zeros(&e));
                let algorithms = VerifyingAlgorithm::RSA.into_iter().filter(named);
                algorithms
                    .filter_map(|algorithm| Some((algorithm, algorithm.rsa(n, e)?)))
                    .collect()
            }
            "EC" => {
                let curve = text("crv")?;
                let algorithm = SigningAlgorithm::ALL
                    .into_iter()
                    .find(|known| known.curve() == Some(curve))?;
                let (x, y) = (bytes("x")?, bytes("y")?);
                let length = algorithm.coordinate_length();
                if x.len() != length || y.len() != length {
                    return None;
                }
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                on_curve(algorithm.into(), &point, named)?
            }
            // RFC 8037 §2.
            "OKP" if text("crv") == Some("Ed25519") => {
                on_curve(VerifyingAlgorithm::EdDSA, &bytes("x")?, named)?
            }
            _ => return None,
        };
        (!ways.is_empty()).then(|| Self {
            kid: text("kid").map(ToOwned::to_owned),
            ways,
        })
    }

    /// The useful keys of a JSON Web Key Set (RFC 7517 §5).
    pub fn from_jwks(jwks: &Value) -> Vec<Self> {
        let keys = jwks.get("keys").and_then(Value::as_array);
        keys.into_iter()
            .flatten()
            .take(MOST_KEYS)
            .filter_map(Self::from_jwk)
            .collect()
    }

    /// The key for use with these algorithms alone; `None` when it has none of them.
    pub fn limited_to(mut self, algorithms: &[VerifyingAlgorithm]) -> Option<Self> {
        self.ways
            .retain(|(algorithm, _)| algorithms.contains(algorithm));
        (!self.ways.is_empty()).then_some(self)
    }

    /// The `kid`, if the key has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithms that the key is used with.
    pub fn algorithms(&self) -> impl Iterator<Item = VerifyingAlgorithm> {
        self.ways.iter().map(|(algorithm, _)| *algorithm)
    }

    pub(super) fn accepts(
        &self,
        algorithm: VerifyingAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let mut ways = self.ways.iter();
        ways.any(|(known, key)| *known == algorithm && key.verify_sig(message, signature).is_ok())
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid)
            .field("algorithms", &self.algorithms().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Whether `use` (RFC 7517 §4.2) and `key_ops` (§4.3), where they are there, allow it.
fn is_for_verifying(jwk: &Value) -> bool {
    let usage = jwk.get("use").is_none_or(|usage| usage == "sig");
    let operations = jwk.get("key_ops").is_none_or(|operations| {
        let mut operations = operations.as_array().into_iter().flatten();
        operations.any(|operation| operation == "verify")
    });
    usage && operations
}

fn on_curve(
    algorithm: VerifyingAlgorithm,
    point: &[u8],
    named: impl Fn(&VerifyingAlgorithm) -> bool,
) -> Option<Vec<(VerifyingAlgorithm, ParsedPublicKey)>> {
    if !named(&algorithm) {
        return None;
    }
    Some(vec![(algorithm, algorithm.curve(point)?)])
}

/// The members that make an RSA public key, from its DER form (RFC 7518 §6.3.1).
pub(super) fn rsa_members(public: &[u8]) -> Option<Map<String, Value>> {
    let (n, e) = der::rsa_public_key(public)?;
    members(json!({
        "kty": "RSA",
        "n": URL_SAFE_NO_PAD.encode(n),
        "e": URL_SAFE_NO_PAD.encode(e),
    }))
}

/// The members that make an elliptic public key, from its uncompressed point (RFC 7518 §6.2.1).
pub(super) fn elliptic_members(
    algorithm: SigningAlgorithm,
    point: &[u8],
) -> Option<Map<String, Value>> {
    let (&form, coordinates) = point.split_first()?;
    let (x, y) = coordinates.split_at_checked(algorithm.coordinate_length())?;
    if form != 4 || y.len() != x.len() {
        return None;
    }
    members(json!({
        "kty": "EC",
        "crv": algorithm.curve()?,
        "x": URL_SAFE_NO_PAD.encode(x),
        "y": URL_SAFE_NO_PAD.encode(y),
    }))
}

fn members(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// The SHA-256 thumbprint of a key's defining members (RFC 7638 §3): base64url, 43 characters.
pub(super) fn thumbprint(defining: &Map<String, Value>) -> String {
    let mut ordered: Vec<_> = defining.iter().collect();
    ordered.sort_by_key(|(name, _)| *name);
    let canonical: Map<String, Value> = ordered
        .into_iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let text = Value::Object(canonical).to_string();
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::{VerifyingKey, members, thumbprint};
    use crate::jose::{VerifyingAlgorithm, test_keys::es512};

    /// The key of RFC 7638 §3.1.
    fn rfc_7638_key() -> Value {
        json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
        })
    }

    /// The key of RFC 8037 appendix A.2.
    fn rfc_8037_key() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    #[test]
    fn the_thumbprint_of_rfc_7638_section_3_1() {
        assert_eq!(
            thumbprint(&members(rfc_7638_key()).unwrap()),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    fn with(name: &str, value: impl Into<Value>) -> Value {
        let mut key = rfc_7638_key();
        key[name] = value.into();
        key
    }

    fn encode_ones(bytes: usize) -> String {
        URL_SAFE_NO_PAD.encode(vec![255; bytes])
    }

    #[test]
    fn keys_that_are_of_no_use_are_left_out_of_a_set() {
        let edwards = |name: &str, value: &str| {
            let mut key = rfc_8037_key();
            key[name] = value.into();
            key
        };
        let set = json!({"keys": [
            with("use", "enc"),
            with("use", 1),
            with("key_ops", json!(["encrypt"])),
            with("key_ops", "verify"),
            with("alg", "RSA-OAEP-256"),
            with("alg", "HS256"),
            with("alg", "none"),
            with("alg", "ES256"),
            with("alg", Value::Null),
            with("d", "AQAB"),
            with("kty", "oct"),
            with("n", "AQAB!"),
            with("n", "AQAB"),
            with("n", encode_ones(255)),
            with("n", encode_ones(1025)),
            edwards("d", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"),
            edwards("crv", "X25519"),
            edwards("alg", "ES256"),
            edwards("x", "AQAB"),
            {"kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB"},
            with("kid", "good"),
        ]});
        let keys = VerifyingKey::from_jwks(&set);
        assert_eq!(keys.len(), 1, "{keys:?}");
        assert_eq!(keys[0].kid(), Some("good"));
        assert!(VerifyingKey::from_jwks(&json!({"keys": 1})).is_empty());
        let many = vec![rfc_8037_key(); 1000];
        assert_eq!(
            VerifyingKey::from_jwks(&json!({"keys": many})).len(),
            100,
            "t53"
        );
    }

    #[test]
    fn a_key_is_used_with_the_algorithm_that_it_names_else_with_those_of_its_kind() {
        let algorithms =
            |key: Value| -> Vec<_> { VerifyingKey::from_jwk(&key).unwrap().algorithms().collect() };
        assert_eq!(algorithms(rfc_7638_key()), VerifyingAlgorithm::RSA);
        for algorithm in VerifyingAlgorithm::RSA {
            assert_eq!(algorithms(with("alg", algorithm.as_str())), [algorithm]);
        }
        assert_eq!(
            algorithms(with("key_ops", json!(["verify"]))),
            VerifyingAlgorithm::RSA
        );
        for name in ["EdDSA", "Ed25519"] {
            let mut key = rfc_8037_key();
            key["alg"] = name.into();
            assert_eq!(algorithms(key), [VerifyingAlgorithm::EdDSA]);
        }
        assert_eq!(algorithms(rfc_8037_key()), [VerifyingAlgorithm::EdDSA]);
        assert_eq!(
            algorithms(es512().public_jwk().clone()),
            [VerifyingAlgorithm::ES512]
        );
    }

    #[test]
    fn a_key_can_be_limited() {
        let key = || VerifyingKey::from_jwk(&rfc_7638_key()).unwrap();
        let limited = key().limited_to(&[VerifyingAlgorithm::PS256, VerifyingAlgorithm::ES256]);
        let left: Vec<_> = limited.unwrap().algorithms().collect();
        assert_eq!(left, [VerifyingAlgorithm::PS256]);
        assert!(key().limited_to(&[VerifyingAlgorithm::ES256]).is_none());
        assert!(key().limited_to(&[]).is_none());
    }
}
