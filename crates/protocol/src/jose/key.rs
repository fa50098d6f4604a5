//! Private keys and what is signed with them.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
        RSA_PKCS1_SHA256,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Map, Value, json};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{SigningAlgorithm, TokenType, VerifyingKey, pem, public};

/// Why a private key was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// There is no PEM block with a private key.
    #[error("no PEM block with a private key was found")]
    NotPem,
    /// The key is protected by a pass phrase.
    #[error("the key is encrypted: store it without a pass phrase")]
    Encrypted,
    /// The key is neither RSA of 2048 to 8192 bits nor elliptic on P-256, P-384 or P-521.
    #[error("the key is neither RSA (2048 to 8192 bits) nor EC (P-256, P-384, P-521)")]
    Unsupported,
}

/// The signature could not be made: memory ran out, or the claims are no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the signature could not be made")]
pub struct SignError;

/// A private key with everything that does not change between two signatures. Cloning shares it.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    kid: String,
    algorithm: SigningAlgorithm,
    pair: Pair,
    public_jwk: Value,
    verifying: VerifyingKey,
    /// The first segment of a token and its dot, by [`TokenType`].
    headers: [String; TokenType::ALL.len()],
}

enum Pair {
    Rsa(RsaKeyPair),
    Elliptic(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads a PEM file: PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`).
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, contents) = pem::private_key(text).ok_or(KeyError::NotPem)?;
        if label.starts_with("ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        Self::from_der(&contents)
    }

    /// Reads the DER form of any key that [`Self::from_pem`] takes; the store keeps PKCS#8.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let rsa = RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der));
        if let Ok(pair) = rsa {
            return Self::new(SigningAlgorithm::RS256, Pair::Rsa(pair));
        }
        for algorithm in SigningAlgorithm::ALL {
            let Some(curve) = signing_curve(algorithm) else {
                continue;
            };
            if let Ok(pair) = EcdsaKeyPair::from_private_key_der(curve, der) {
                return Self::new(algorithm, Pair::Elliptic(pair));
            }
        }
        Err(KeyError::Unsupported)
    }

    fn new(algorithm: SigningAlgorithm, pair: Pair) -> Result<Self, KeyError> {
        let defining = match &pair {
            Pair::Rsa(pair) => public::rsa_members(pair.public_key().as_ref()),
            Pair::Elliptic(pair) => public::elliptic_members(algorithm, pair.public_key().as_ref()),
        }
        .ok_or(KeyError::Unsupported)?;
        let kid = public::thumbprint(&defining);
        let public_jwk = public_jwk(algorithm, &kid, defining);
        let verifying = VerifyingKey::from_jwk(&public_jwk).ok_or(KeyError::Unsupported)?;
        let headers = TokenType::ALL.map(|typ| header_segment(algorithm, &kid, typ));
        Ok(Self(Arc::new(Inner {
            kid,
            algorithm,
            pair,
            public_jwk,
            verifying,
            headers,
        })))
    }

    /// The key's RFC 7638 thumbprint.
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// What it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.0.algorithm
    }

    /// The public half as a JSON Web Key with `kty`, `use`, `kid` and `alg` (`contract/logto-core.md` §3.2).
    pub fn public_jwk(&self) -> &Value {
        &self.0.public_jwk
    }

    /// The public half as signatures are checked with it.
    pub fn verifying(&self) -> &VerifyingKey {
        &self.0.verifying
    }

    /// The DER form of the private key (PKCS#8), for the store to encrypt.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, SignError> {
        let der = match &self.0.pair {
            Pair::Rsa(pair) => pair.as_der().map(|der| der.as_ref().to_vec()),
            Pair::Elliptic(pair) => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
        };
        der.map(Zeroizing::new).map_err(|_| SignError)
    }

    /// The private key as a `PRIVATE KEY` PEM block.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, SignError> {
        Ok(pem::write_private_key(&self.to_pkcs8()?))
    }

    /// Signs `claims` into a compact token whose header holds `alg`, `kid` and `typ` and nothing else:
    /// some clients refuse any further parameter (`contract/clients.md` §0.3).
    pub fn sign(&self, typ: TokenType, claims: &impl Serialize) -> Result<String, SignError> {
        let payload = serde_json::to_vec(claims).map_err(|_| SignError)?;
        let mut token = match typ {
            TokenType::IdToken => &self.0.headers[0],
            TokenType::AccessToken => &self.0.headers[1],
            TokenType::LogoutToken => &self.0.headers[2],
        }
        .clone();
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = self.0.pair.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The bare signature of `message`, for formats that carry it in another way than a token does.
    pub fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.pair.sign(message)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SigningKey({} {})",
            self.0.algorithm.as_str(),
            self.0.kid
        )
    }
}

impl Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let rng = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature)
                    .map_err(|_| SignError)?;
                Ok(signature)
            }
            Self::Elliptic(pair) => {
                let signature = pair.sign(&rng, message).map_err(|_| SignError)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

fn signing_curve(algorithm: SigningAlgorithm) -> Option<&'static EcdsaSigningAlgorithm> {
    match algorithm {
        SigningAlgorithm::RS256 => None,
        SigningAlgorithm::ES256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
        SigningAlgorithm::ES384 => Some(&ECDSA_P384_SHA384_FIXED_SIGNING),
        SigningAlgorithm::ES512 => Some(&ECDSA_P521_SHA512_FIXED_SIGNING),
    }
}

fn public_jwk(algorithm: SigningAlgorithm, kid: &str, defining: Map<String, Value>) -> Value {
    let mut jwk = Map::new();
    let mut defining = defining.into_iter();
    jwk.extend(defining.next());
    jwk.insert("use".to_owned(), "sig".into());
    jwk.insert("kid".to_owned(), kid.into());
    jwk.insert("alg".to_owned(), algorithm.as_str().into());
    jwk.extend(defining);
    Value::Object(jwk)
}

fn header_segment(algorithm: SigningAlgorithm, kid: &str, typ: TokenType) -> String {
    let header = json!({"alg": algorithm.as_str(), "kid": kid, "typ": typ.as_str()});
    let mut segment = URL_SAFE_NO_PAD.encode(header.to_string());
    segment.push('.');
    segment
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use aws_lc_rs::{
        encoding::AsDer,
        signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair},
    };
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };
    use serde_json::{Value, json};

    use super::{KeyError, SigningKey};
    use crate::jose::{SigningAlgorithm, TokenType, test_keys::*, verify};

    fn every_kind() -> [SigningKey; 4] {
        [rs256(), es256(), es384(), es512()]
    }

    #[test]
    fn a_signed_token_verifies_with_the_published_key() {
        for key in every_kind() {
            let token = key.sign(TokenType::IdToken, &claims()).unwrap();
            let published = crate::jose::VerifyingKey::from_jwk(key.public_jwk()).unwrap();
            let read = verify(&token, [&published], &expect(), NOW).unwrap();
            assert_eq!(Value::Object(read), claims(), "{key:?}");
        }
    }

    #[test]
    fn the_header_holds_alg_kid_and_typ_only() {
        for key in every_kind() {
            for (typ, name) in [
                (TokenType::IdToken, "JWT"),
                (TokenType::AccessToken, "at+jwt"),
                (TokenType::LogoutToken, "logout+jwt"),
            ] {
                let token = key.sign(typ, &json!({})).unwrap();
                let header = token.split('.').next().unwrap();
                let header = URL_SAFE_NO_PAD.decode(header).unwrap();
                let header: Value = serde_json::from_slice(&header).unwrap();
                let expected =
                    json!({"alg": key.algorithm().as_str(), "kid": key.kid(), "typ": name});
                assert_eq!(header, expected);
            }
        }
    }

    #[test]
    fn a_key_written_as_pkcs_8_reads_back_the_same() {
        for key in every_kind() {
            let pem = key.to_pkcs8_pem().unwrap();
            assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
            assert_eq!(SigningKey::from_pem(&pem).unwrap().kid(), key.kid());
            let der = key.to_pkcs8().unwrap();
            assert_eq!(SigningKey::from_der(&der).unwrap().kid(), key.kid());
        }
    }

    #[test]
    fn a_sec1_key_is_read() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        let same = SigningKey::from_der(pair.to_pkcs8v1().unwrap().as_ref()).unwrap();
        let sec1 = STANDARD.encode(pair.private_key().as_der().unwrap().as_ref());
        let pem = format!("-----BEGIN EC PRIVATE KEY-----\n{sec1}\n-----END EC PRIVATE KEY-----\n");
        let key = SigningKey::from_pem(&pem).unwrap();
        assert_eq!(key.algorithm(), SigningAlgorithm::ES384);
        assert_eq!(key.kid(), same.kid());
    }

    #[test]
    fn a_pkcs_1_key_is_read() {
        let key = rs256();
        // PKCS#8 wraps PKCS#1 in an OCTET STRING that ends with the file; its header is 26 bytes for 2048 bits.
        let pkcs8 = key.to_pkcs8().unwrap();
        let pkcs1 = STANDARD.encode(&pkcs8[26..]);
        let pem =
            format!("-----BEGIN RSA PRIVATE KEY-----\n{pkcs1}\n-----END RSA PRIVATE KEY-----\n");
        assert_eq!(SigningKey::from_pem(&pem).unwrap().kid(), key.kid());
    }

    /// The files that people make with the tool everybody has; without it there is nothing to compare with.
    #[test]
    fn keys_made_by_openssl_are_read() {
        for (arguments, algorithm) in [
            (&["genrsa", "2048"][..], SigningAlgorithm::RS256),
            (&["genrsa", "-traditional", "2048"], SigningAlgorithm::RS256),
            (
                &["ecparam", "-name", "prime256v1", "-genkey"],
                SigningAlgorithm::ES256,
            ),
            (
                &["ecparam", "-name", "secp384r1", "-genkey"],
                SigningAlgorithm::ES384,
            ),
            (
                &["ecparam", "-name", "secp521r1", "-genkey"],
                SigningAlgorithm::ES512,
            ),
            (
                &[
                    "genpkey",
                    "-algorithm",
                    "EC",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-384",
                ],
                SigningAlgorithm::ES384,
            ),
        ] {
            let Ok(made) = Command::new("openssl").args(arguments).output() else {
                return;
            };
            if !made.status.success() {
                continue; // an older or another openssl without the option
            }
            let pem = String::from_utf8(made.stdout).unwrap();
            let key = SigningKey::from_pem(&pem).unwrap();
            assert_eq!(key.algorithm(), algorithm, "{arguments:?}");
            assert!(key.sign(TokenType::IdToken, &claims()).is_ok());
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_reason() {
        let pem = |label: &str, contents: &str| {
            format!("-----BEGIN {label}-----\n{contents}\n-----END {label}-----")
        };
        for (text, error) in [
            (String::new(), KeyError::NotPem),
            (pem("CERTIFICATE", "YWJj"), KeyError::NotPem),
            (pem("ENCRYPTED PRIVATE KEY", "YWJj"), KeyError::Encrypted),
            (pem("PRIVATE KEY", "YWJj"), KeyError::Unsupported),
        ] {
            assert_eq!(SigningKey::from_pem(&text).err(), Some(error), "{text}");
        }
    }

    #[test]
    fn t55_a_key_is_not_printed() {
        let key = es384();
        let printed = format!("{key:?}");
        assert_eq!(printed, format!("SigningKey(ES384 {})", key.kid()));
    }
}
