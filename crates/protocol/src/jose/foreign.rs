//! Signatures of others, by real keys of every kind: what is accepted and what is not (T40).

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
        RSA_PSS_SHA512,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    JwsRefused, VerifyingAlgorithm, VerifyingKey, public,
    test_keys::{NOW, claims, expect},
    verify,
};

/// One key of every kind that a provider may have.
struct Provider {
    rsa: RsaKeyPair,
    p256: EcdsaKeyPair,
    p384: EcdsaKeyPair,
    p521: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
}

impl Provider {
    fn new() -> Self {
        Self {
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
            p256: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
            p384: EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap(),
            p521: EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap(),
            ed25519: Ed25519KeyPair::generate().unwrap(),
        }
    }

    /// The key for an algorithm, without `alg` and `kid`.
    fn jwk(&self, algorithm: VerifyingAlgorithm) -> Value {
        let curve = |name: &str, pair: &EcdsaKeyPair| {
            let point = &pair.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            json!({"kty": "EC", "crv": name, "x": encode(x), "y": encode(y)})
        };
        match algorithm {
            VerifyingAlgorithm::ES256 => curve("P-256", &self.p256),
            VerifyingAlgorithm::ES384 => curve("P-384", &self.p384),
            VerifyingAlgorithm::ES512 => curve("P-521", &self.p521),
            VerifyingAlgorithm::EdDSA => {
                let x = encode(self.ed25519.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "x": x})
            }
            _ => public::rsa_members(self.rsa.public_key().as_ref())
                .unwrap()
                .into(),
        }
    }

    fn key(&self, algorithm: VerifyingAlgorithm, more: Value) -> VerifyingKey {
        let mut jwk = self.jwk(algorithm);
        let members = jwk.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        VerifyingKey::from_jwk(&jwk).unwrap_or_else(|| panic!("{jwk}"))
    }

    /// A token with this header, whatever it says, signed with `algorithm`.
    fn token(&self, algorithm: VerifyingAlgorithm, header: &Value) -> String {
        let signed = signed_part(header);
        let signature = self.sign(algorithm, signed.as_bytes());
        format!("{signed}.{}", encode(&signature))
    }

    fn sign(&self, algorithm: VerifyingAlgorithm, message: &[u8]) -> Vec<u8> {
        let rng = SystemRandom::new();
        let padding: &'static dyn aws_lc_rs::signature::RsaEncoding = match algorithm {
            VerifyingAlgorithm::ES256 => return elliptic(&self.p256, message),
            VerifyingAlgorithm::ES384 => return elliptic(&self.p384, message),
            VerifyingAlgorithm::ES512 => return elliptic(&self.p521, message),
            VerifyingAlgorithm::EdDSA => return self.ed25519.sign(message).as_ref().to_vec(),
            VerifyingAlgorithm::RS256 => &RSA_PKCS1_SHA256,
            VerifyingAlgorithm::RS384 => &RSA_PKCS1_SHA384,
            VerifyingAlgorithm::RS512 => &RSA_PKCS1_SHA512,
            VerifyingAlgorithm::PS256 => &RSA_PSS_SHA256,
            VerifyingAlgorithm::PS384 => &RSA_PSS_SHA384,
            VerifyingAlgorithm::PS512 => &RSA_PSS_SHA512,
        };
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        self.rsa
            .sign(padding, &rng, message, &mut signature)
            .unwrap();
        signature
    }
}

fn elliptic(pair: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    let signature = pair.sign(&SystemRandom::new(), message).unwrap();
    signature.as_ref().to_vec()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn signed_part(header: &Value) -> String {
    let header = encode(header.to_string().as_bytes());
    format!("{header}.{}", encode(claims().to_string().as_bytes()))
}

fn alg(algorithm: VerifyingAlgorithm) -> Value {
    json!({"alg": algorithm.as_str()})
}

fn check(token: &str, keys: &[VerifyingKey]) -> Result<(), JwsRefused> {
    verify(token, keys, &expect(), NOW).map(drop)
}

#[test]
fn t40_a_good_signature_of_every_algorithm_is_accepted() {
    let provider = Provider::new();
    for algorithm in VerifyingAlgorithm::ALL {
        let token = provider.token(algorithm, &alg(algorithm));
        for named in [
            json!({}),
            alg(algorithm),
            json!({"use": "sig", "key_ops": ["verify"]}),
        ] {
            let key = provider.key(algorithm, named.clone());
            assert_eq!(check(&token, &[key]), Ok(()), "{algorithm:?} {named}");
        }
        let other = Provider::new().key(algorithm, json!({}));
        assert_eq!(
            check(&token, &[other]),
            Err(JwsRefused::Signature),
            "{algorithm:?}"
        );
    }
}

#[test]
fn t40_no_signature_passes_for_one_of_another_algorithm() {
    let provider = Provider::new();
    let keys = VerifyingAlgorithm::ALL.map(|algorithm| provider.key(algorithm, json!({})));
    for made in VerifyingAlgorithm::ALL {
        for said in VerifyingAlgorithm::ALL
            .into_iter()
            .filter(|said| *said != made)
        {
            let token = provider.token(made, &alg(said));
            assert_eq!(
                check(&token, &keys),
                Err(JwsRefused::Signature),
                "{made:?} as {said:?}"
            );
        }
    }
}

#[test]
fn t40_a_key_that_names_its_algorithm_is_used_with_no_other() {
    let provider = Provider::new();
    for named in VerifyingAlgorithm::RSA {
        let key = [provider.key(named, alg(named))];
        for made in VerifyingAlgorithm::RSA
            .into_iter()
            .filter(|made| *made != named)
        {
            let token = provider.token(made, &alg(made));
            assert_eq!(
                check(&token, &key),
                Err(JwsRefused::UnknownKey),
                "{made:?} by {named:?}"
            );
        }
    }
}

#[test]
fn t40_a_public_key_is_no_secret_and_none_is_no_signature() {
    let provider = Provider::new();
    for algorithm in VerifyingAlgorithm::ALL {
        let key = [provider.key(algorithm, json!({"kid": "a"}))];
        let jwk = provider.jwk(algorithm);
        let encoded = ["n", "x"]
            .iter()
            .find_map(|name| jwk[*name].as_str())
            .unwrap();
        let secrets = [
            jwk.to_string().into_bytes(),
            encoded.as_bytes().to_vec(),
            URL_SAFE_NO_PAD.decode(encoded).unwrap(),
            provider.rsa.public_key().as_ref().to_vec(),
            Vec::new(),
        ];
        for (name, function) in [
            ("HS256", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
        ] {
            for secret in &secrets {
                let signed = signed_part(&json!({"alg": name, "kid": "a"}));
                let tag = hmac::sign(&hmac::Key::new(function, secret), signed.as_bytes());
                let token = format!("{signed}.{}", encode(tag.as_ref()));
                assert_eq!(check(&token, &key), Err(JwsRefused::UnknownKey), "{name}");
            }
        }
        for name in ["none", "None", "nOnE", ""] {
            let token = format!("{}.", signed_part(&json!({"alg": name, "kid": "a"})));
            assert_eq!(check(&token, &key), Err(JwsRefused::UnknownKey), "{name}");
        }
        let bare = format!(
            "{}.",
            signed_part(&json!({"alg": algorithm.as_str(), "kid": "a"}))
        );
        assert_eq!(
            check(&bare, &key),
            Err(JwsRefused::Signature),
            "{algorithm:?}"
        );
    }
}

/// ECDSA signatures of r = s = 0, which a broken check accepts for every message.
#[test]
fn t40_a_signature_of_zeros_is_refused() {
    let provider = Provider::new();
    for (algorithm, length) in [
        (VerifyingAlgorithm::ES256, 64),
        (VerifyingAlgorithm::ES384, 96),
        (VerifyingAlgorithm::ES512, 132),
        (VerifyingAlgorithm::EdDSA, 64),
        (VerifyingAlgorithm::RS256, 256),
        (VerifyingAlgorithm::PS256, 256),
    ] {
        let key = [provider.key(algorithm, json!({}))];
        let token = format!(
            "{}.{}",
            signed_part(&alg(algorithm)),
            encode(&vec![0; length])
        );
        assert_eq!(
            check(&token, &key),
            Err(JwsRefused::Signature),
            "{algorithm:?}"
        );
    }
}

#[test]
fn a_key_is_chosen_by_kid_algorithm_and_use() {
    let (provider, other) = (Provider::new(), Provider::new());
    let (rs, es) = (VerifyingAlgorithm::RS256, VerifyingAlgorithm::ES256);
    let of = |provider: &Provider, algorithm, kid: &str, usage: &str| {
        let mut jwk = provider.jwk(algorithm);
        jwk["kid"] = kid.into();
        jwk["use"] = usage.into();
        jwk
    };
    let set = json!({"keys": [
        of(&other, rs, "old", "sig"),
        of(&other, rs, "new", "enc"),
        of(&other, es, "new", "sig"),
        of(&provider, rs, "new", "sig"),
    ]});
    let keys = VerifyingKey::from_jwks(&set);
    assert_eq!(keys.len(), 3, "what is for encryption checks no signature");
    let token = |kid: Value| {
        let mut header = alg(rs);
        header["kid"] = kid;
        provider.token(rs, &header)
    };
    assert_eq!(check(&token("new".into()), &keys), Ok(()));
    assert_eq!(
        check(&token("old".into()), &keys),
        Err(JwsRefused::Signature)
    );
    assert_eq!(
        check(&token("none".into()), &keys),
        Err(JwsRefused::UnknownKey)
    );
    // Without a kid every key of the algorithm is asked: all are the provider's.
    assert_eq!(check(&provider.token(rs, &alg(rs)), &keys), Ok(()));
    let by_encryption_key =
        VerifyingKey::from_jwks(&json!({"keys": [of(&provider, rs, "new", "enc")]}));
    assert_eq!(
        check(&token("new".into()), &by_encryption_key),
        Err(JwsRefused::UnknownKey)
    );
}

/// RFC 8037 appendix A.4: a signature that another program made.
#[test]
fn the_example_of_rfc_8037_appendix_a_4() {
    let key = VerifyingKey::from_jwk(&json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }))
    .unwrap();
    let signed = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = URL_SAFE_NO_PAD
        .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
        .unwrap();
    assert!(key.accepts(VerifyingAlgorithm::EdDSA, signed, &signature));
    assert!(!key.accepts(VerifyingAlgorithm::ES256, signed, &signature));
    assert!(!key.accepts(VerifyingAlgorithm::EdDSA, &signed[1..], &signature));
}
