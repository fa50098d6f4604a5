//! Digests described as `[algorithm, arguments, digest]` (`contract/logto-core.md` §6): how Logto imports what has no name of its own.

use std::num::NonZeroU32;

use aws_lc_rs::{
    cipher::{AES_256, DecryptionContext, EncryptingKey, UnboundCipherKey},
    digest as sha,
    iv::FixedLength,
    pbkdf2 as fast,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use pbkdf2::pbkdf2_hmac;
use ripemd::Ripemd160;
use serde_json::Value;
use sha2::Sha224;
use subtle::ConstantTimeEq;

use super::DigestRefused;

/// Where the password goes among the arguments.
const PLACEHOLDER: &str = "@";
/// Runs of the inner function that one comparison may take: some seconds.
const MOST_RUNS: usize = 5_000_000;
/// 2^17 blocks of 8: 128 MiB.
const MOST_SCRYPT_COST: u8 = 17;
const MOST_KEY_LENGTH: usize = 512;

/// Compares a password with a described digest.
pub(super) fn verify(description: &str, password: &str) -> bool {
    let Ok(recipe) = Recipe::parse(description) else {
        return false;
    };
    let Some(digest) = recipe.cook(password) else {
        return false;
    };
    digest.as_bytes().ct_eq(recipe.digest.as_bytes()).into()
}

/// Whether a description can be followed, and at a bearable cost.
pub(super) fn check(description: &str) -> Result<(), DigestRefused> {
    Recipe::parse(description).map(|_| ())
}

/// The digest of `text` by an algorithm's name; `None` for an unknown one.
pub(super) fn digest(algorithm: &str, text: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match algorithm.to_ascii_lowercase().as_str() {
        "md5" => return Some(Md5::digest(text).to_vec()),
        "ripemd160" | "rmd160" | "ripemd" => return Some(Ripemd160::digest(text).to_vec()),
        "sha1" | "sha-1" => &sha::SHA1_FOR_LEGACY_USE_ONLY,
        "sha224" | "sha-224" => &sha::SHA224,
        "sha256" | "sha-256" => &sha::SHA256,
        "sha384" | "sha-384" => &sha::SHA384,
        "sha512" | "sha-512" => &sha::SHA512,
        "sha512-256" => &sha::SHA512_256,
        "sha3-256" => &sha::SHA3_256,
        "sha3-384" => &sha::SHA3_384,
        "sha3-512" => &sha::SHA3_512,
        _ => return None,
    };
    Some(sha::digest(algorithm, text).as_ref().to_vec())
}

/// The keyed hash inside PBKDF2.
#[derive(Clone, Copy)]
enum Prf {
    /// One that the fast library has.
    Fast(fast::Algorithm),
    Md5,
    Ripemd160,
    Sha224,
}

impl Prf {
    /// By the digest's name, with the bytes that one block gives.
    fn named(digest: &str) -> Option<(Self, usize)> {
        Some(match digest.to_ascii_lowercase().as_str() {
            "sha1" | "sha-1" => (Self::Fast(fast::PBKDF2_HMAC_SHA1), 20),
            "sha256" | "sha-256" => (Self::Fast(fast::PBKDF2_HMAC_SHA256), 32),
            "sha384" | "sha-384" => (Self::Fast(fast::PBKDF2_HMAC_SHA384), 48),
            "sha512" | "sha-512" => (Self::Fast(fast::PBKDF2_HMAC_SHA512), 64),
            "md5" => (Self::Md5, 16),
            "ripemd160" | "rmd160" | "ripemd" => (Self::Ripemd160, 20),
            "sha224" | "sha-224" => (Self::Sha224, 28),
            _ => return None,
        })
    }

    fn derive(self, password: &[u8], salt: &[u8], iterations: NonZeroU32, output: &mut [u8]) {
        let count = iterations.get();
        match self {
            Self::Fast(algorithm) => fast::derive(algorithm, iterations, salt, password, output),
            Self::Md5 => pbkdf2_hmac::<Md5>(password, salt, count, output),
            Self::Ripemd160 => pbkdf2_hmac::<Ripemd160>(password, salt, count, output),
            Self::Sha224 => pbkdf2_hmac::<Sha224>(password, salt, count, output),
        }
    }
}

struct Recipe {
    method: Method,
    /// As the description writes it.
    digest: String,
}

enum Method {
    /// All arguments joined, the password in its place.
    Joined {
        algorithm: String,
        arguments: Vec<String>,
    },
    Pbkdf2 {
        salt: Vec<u8>,
        iterations: NonZeroU32,
        length: usize,
        prf: Prf,
    },
    FirebaseScrypt {
        salt: Vec<u8>,
        signer_key: Vec<u8>,
        params: scrypt::Params,
    },
}

impl Recipe {
    fn parse(description: &str) -> Result<Self, DigestRefused> {
        let malformed = DigestRefused::Malformed;
        let (algorithm, arguments, digest): (String, Vec<Value>, String) =
            serde_json::from_str(description).map_err(|_| malformed)?;
        let arguments: Vec<String> = arguments
            .iter()
            .map(text)
            .collect::<Option<_>>()
            .ok_or(malformed)?;
        if !arguments.iter().any(|argument| argument == PLACEHOLDER) || arguments.len() > 16 {
            return Err(malformed);
        }
        let method = match algorithm.as_str() {
            "pbkdf2" | "pbkdf2Sync" => pbkdf2_method(&arguments)?,
            "firebase-scrypt" => firebase_method(&arguments)?,
            _ if self::digest(&algorithm, b"").is_some() => Method::Joined {
                algorithm,
                arguments,
            },
            _ => return Err(DigestRefused::UnknownAlgorithm),
        };
        let digest = if matches!(method, Method::FirebaseScrypt { .. }) {
            digest
        } else {
            digest.to_ascii_lowercase()
        };
        Ok(Self { method, digest })
    }

    fn cook(&self, password: &str) -> Option<String> {
        match &self.method {
            Method::Joined {
                algorithm,
                arguments,
            } => {
                let parts = arguments.iter().map(|argument| {
                    if argument == PLACEHOLDER {
                        password
                    } else {
                        argument
                    }
                });
                digest(algorithm, parts.collect::<String>().as_bytes()).map(|digest| hex(&digest))
            }
            Method::Pbkdf2 {
                salt,
                iterations,
                length,
                prf,
            } => {
                let mut output = vec![0; *length];
                prf.derive(password.as_bytes(), salt, *iterations, &mut output);
                Some(hex(&output))
            }
            Method::FirebaseScrypt {
                salt,
                signer_key,
                params,
            } => {
                let mut key = [0; 32];
                scrypt::scrypt(password.as_bytes(), salt, params, &mut key).ok()?;
                encrypt(&key, signer_key).map(|sealed| STANDARD.encode(sealed))
            }
        }
    }
}

/// `[salt, iterations, length, digest, "@"]`
fn pbkdf2_method(arguments: &[String]) -> Result<Method, DigestRefused> {
    let malformed = DigestRefused::Malformed;
    let [salt, iterations, length, digest, _] = arguments else {
        return Err(malformed);
    };
    let iterations: NonZeroU32 = iterations.parse().map_err(|_| malformed)?;
    let length: usize = length.parse().map_err(|_| malformed)?;
    if !(8..=MOST_KEY_LENGTH).contains(&length) {
        return Err(malformed);
    }
    let (prf, block) = Prf::named(digest).ok_or(DigestRefused::UnknownAlgorithm)?;
    let runs =
        usize::try_from(iterations.get()).map(|count| count.saturating_mul(length.div_ceil(block)));
    if runs.is_ok_and(|runs| runs > MOST_RUNS) {
        return Err(DigestRefused::TooCostly);
    }
    let salt = match salt.strip_prefix("hex:") {
        Some(hex) => unhex(hex).ok_or(malformed)?,
        None => salt.clone().into_bytes(),
    };
    Ok(Method::Pbkdf2 {
        salt,
        iterations,
        length,
        prf,
    })
}

/// `[salt, signerKey, saltSeparator, rounds, memCost, "@"]`
fn firebase_method(arguments: &[String]) -> Result<Method, DigestRefused> {
    let malformed = DigestRefused::Malformed;
    let [salt, signer_key, separator, rounds, cost, _] = arguments else {
        return Err(malformed);
    };
    let decode = |text: &String| STANDARD.decode(text).map_err(|_| malformed);
    let mut salt = decode(salt)?;
    salt.extend(decode(separator)?);
    let signer_key = decode(signer_key)?;
    let (rounds, cost): (u32, u8) = (
        rounds.parse().map_err(|_| malformed)?,
        cost.parse().map_err(|_| malformed)?,
    );
    if cost > MOST_SCRYPT_COST || rounds > 16 {
        return Err(DigestRefused::TooCostly);
    }
    let params = scrypt::Params::new(cost, rounds, 1).map_err(|_| malformed)?;
    Ok(Method::FirebaseScrypt {
        salt,
        signer_key,
        params,
    })
}

/// AES-256 in counter mode from a counter of zero.
fn encrypt(key: &[u8; 32], text: &[u8]) -> Option<Vec<u8>> {
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    let zero = aws_lc_rs::cipher::EncryptionContext::Iv128(FixedLength::from([0; 16]));
    let mut sealed = text.to_vec();
    let _: DecryptionContext = key.less_safe_encrypt(&mut sealed, zero).ok()?;
    Some(sealed)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    text.len()
        .is_multiple_of(2)
        .then(|| (0..text.len()).step_by(2).map(pair).collect())?
}

#[cfg(test)]
mod tests {
    use super::{check, verify};

    #[test]
    fn firebase_scrypt_is_recognised() {
        // The example of Firebase's own scrypt tool.
        let description = r#"["firebase-scrypt",["42xEC+ixf3L2lw==","jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==","Bw==",8,14,"@"],"lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="]"#;
        assert_eq!(check(description), Ok(()));
        assert!(verify(description, "user1password"));
        assert!(!verify(description, "user2password"));
    }

    #[test]
    fn a_salt_may_be_written_as_hexadecimal_bytes() {
        let text = r#"["pbkdf2",["salt",1000,32,"sha256","@"],"632c2812e46d4604102ba7618e9d6d7d2f8128f6266b4a03264d2a0460b7dcb3"]"#;
        assert!(verify(text, "password"));
        assert!(verify(
            &text.replace("\"salt\"", "\"hex:73616c74\""),
            "password"
        ));
    }
}
