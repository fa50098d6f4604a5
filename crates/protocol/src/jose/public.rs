//! Public keys and their JSON form.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ParsedPublicKey,
        RSA_PKCS1_2048_8192_SHA256,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{SigningAlgorithm, der};

/// A public key that signatures of one algorithm are checked with.
pub struct VerifyingKey {
    kid: Option<String>,
    algorithm: SigningAlgorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// Reads a JSON Web Key. `None` when it is not for signatures, is private, or is of a kind not spoken here;
    /// one set may hold such keys beside useful ones (RFC 7517 §5).
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|usage| usage != "sig") || jwk.get("d").is_some() {
            return None;
        }
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let (algorithm, key) = match text("kty")? {
            "RSA" => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                (SigningAlgorithm::RS256, rsa(&n, &e)?)
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
                (algorithm, elliptic(algorithm, &point)?)
            }
            _ => return None,
        };
        if text("alg").is_some_and(|alg| alg != algorithm.as_str()) {
            return None;
        }
        Some(Self {
            kid: text("kid").map(ToOwned::to_owned),
            algorithm,
            key,
        })
    }

    /// The useful keys of a JSON Web Key Set (RFC 7517 §5).
    pub fn from_jwks(jwks: &Value) -> Vec<Self> {
        let keys = jwks.get("keys").and_then(Value::as_array);
        keys.into_iter()
            .flatten()
            .filter_map(Self::from_jwk)
            .collect()
    }

    /// The `kid`, if the key has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The only algorithm the key is used with.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(super) fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

fn rsa(n: &[u8], e: &[u8]) -> Option<ParsedPublicKey> {
    let (n, e) = (der::without_zeros(n), der::without_zeros(e));
    PublicKeyComponents { n, e }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .ok()
}

fn elliptic(algorithm: SigningAlgorithm, point: &[u8]) -> Option<ParsedPublicKey> {
    let verification = match algorithm {
        SigningAlgorithm::RS256 => return None,
        SigningAlgorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
        SigningAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
        SigningAlgorithm::ES512 => &ECDSA_P521_SHA512_FIXED,
    };
    ParsedPublicKey::new(verification, point).ok()
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
    use serde_json::{Value, json};

    use super::{VerifyingKey, members, thumbprint};
    use crate::jose::SigningAlgorithm;

    /// The key of RFC 7638 §3.1.
    fn rfc_7638_key() -> Value {
        json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
        })
    }

    #[test]
    fn the_thumbprint_of_rfc_7638_section_3_1() {
        assert_eq!(
            thumbprint(&members(rfc_7638_key()).unwrap()),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[test]
    fn keys_that_are_of_no_use_are_left_out_of_a_set() {
        let with = |name: &str, value: &str| {
            let mut key = rfc_7638_key();
            key[name] = value.into();
            key
        };
        let set = json!({"keys": [
            with("use", "enc"),
            with("alg", "PS256"),
            with("d", "AQAB"),
            with("kty", "oct"),
            with("n", "AQAB!"),
            {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
            {"kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB"},
            with("kid", "good"),
        ]});
        let keys = VerifyingKey::from_jwks(&set);
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].kid(), Some("good"));
        assert_eq!(keys[0].algorithm(), SigningAlgorithm::RS256);
        assert!(VerifyingKey::from_jwks(&json!({"keys": 1})).is_empty());
    }
}
