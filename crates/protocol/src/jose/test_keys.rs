//! Keys and claims for tests.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    },
};
use serde_json::{Value, json};

use super::{Expect, SigningKey, TokenType};
use crate::time::Time;

pub(crate) const NOW: Time = Time(1_000_000);
pub(crate) const ISSUER: &str = "https://id.example.com/oidc";

/// Always the same RSA key: making one takes a while.
pub(crate) fn rs256() -> SigningKey {
    static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        SigningKey::from_der(pair.as_der().unwrap().as_ref()).unwrap()
    });
    KEY.clone()
}

/// A new key at each call, as the next two.
pub(crate) fn es256() -> SigningKey {
    elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING)
}

pub(crate) fn es384() -> SigningKey {
    elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING)
}

pub(crate) fn es512() -> SigningKey {
    elliptic(&ECDSA_P521_SHA512_FIXED_SIGNING)
}

fn elliptic(curve: &'static EcdsaSigningAlgorithm) -> SigningKey {
    let pair = EcdsaKeyPair::generate(curve).unwrap();
    SigningKey::from_der(pair.to_pkcs8v1().unwrap().as_ref()).unwrap()
}

pub(crate) fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "chat", "sub": "ann", "exp": NOW.plus(60)})
}

pub(crate) fn expect() -> Expect<'static> {
    Expect {
        typ: TokenType::IdToken,
        issuer: ISSUER,
        audience: Some("chat"),
        allow_expired: false,
        leeway: 0,
    }
}
