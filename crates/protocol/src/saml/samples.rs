//! A service provider for tests, with the certificate and key to which assertions are encrypted.

use std::{collections::BTreeMap, sync::LazyLock};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest::{SHA256, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey},
    signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    name_id::NameIdFormat,
    service_provider::{AcsUrl, Binding, Encryption, ServiceProvider},
};
use crate::jose::SigningKey;

/// Of version 3, as `openssl req -x509` makes it.
pub(super) const CERTIFICATE: &str = include_str!("samples/certificate.pem");
/// Of version 1, as `openssl x509 -req` makes it, with the same key.
pub(super) const CERTIFICATE_V1: &str = include_str!("samples/certificate_v1.pem");

/// Its private key.
pub(super) static PRIVATE_KEY: LazyLock<PrivateDecryptingKey> = LazyLock::new(|| {
    let lines = include_str!("samples/key.pem").lines();
    let digits: String = lines.filter(|line| !line.starts_with('-')).collect();
    PrivateDecryptingKey::from_pkcs8(&STANDARD.decode(digits).unwrap()).unwrap()
});

/// The public half, as certificates hold it.
pub(super) static PUBLIC_KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let public: PublicKeyX509Der<'_> = PRIVATE_KEY.public_key().as_der().unwrap();
    public.as_ref().to_vec()
});

pub(super) fn service_provider() -> ServiceProvider {
    ServiceProvider {
        attribute_mapping: BTreeMap::new(),
        entity_id: Some("https://sp.example.com/metadata".to_owned()),
        acs_url: Some(AcsUrl {
            binding: Binding::Post,
            url: "https://sp.example.com/acs".to_owned(),
        }),
        encryption: None,
        name_id_format: NameIdFormat::Persistent,
    }
}

pub(super) fn encryption() -> Encryption {
    Encryption {
        encrypt_assertion: Some(true),
        encrypt_then_sign: Some(false),
        certificate: Some(CERTIFICATE.to_owned()),
    }
}

/// The text of the first element of this name.
pub(super) fn text_of(xml: &str, name: &str) -> String {
    let document = roxmltree::Document::parse(xml).unwrap();
    let mut nodes = document.descendants();
    let found = nodes.find(|node| node.tag_name().name() == name).unwrap();
    found.text().unwrap().to_owned()
}

/// What the service provider reads in an encrypted assertion.
pub(super) fn decrypted(xml: &str) -> String {
    let document = roxmltree::Document::parse(xml).unwrap();
    let values: Vec<_> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "CipherValue")
        .map(|node| STANDARD.decode(node.text().unwrap()).unwrap())
        .collect();
    let [wrapped, text] = &*values else {
        panic!("a key and a text")
    };
    let private = OaepPrivateDecryptingKey::new(PRIVATE_KEY.clone()).unwrap();
    let mut key = vec![0; private.min_output_size()];
    let key = private
        .decrypt(&OAEP_SHA1_MGF1SHA1, wrapped, &mut key, None)
        .unwrap();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap());
    let (nonce, text) = text.split_at(12);
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let mut text = text.to_vec();
    let plain = key.open_in_place(nonce, Aad::empty(), &mut text).unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

/// The public half of a signing key, as signatures are verified with it.
pub(super) fn rsa_public_key(key: &SigningKey) -> Vec<u8> {
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
    pair.public_key().as_ref().to_vec()
}

/// Whether the element with this id is signed by the key, as a verifier that cuts text decides it: what is sent is canonical already,
/// but for the declarations that a part inherits, and only `saml`, `samlp` and `ds` are ever new in a part.
pub(super) fn is_signed(xml: &str, id: &str, key: &SigningKey) -> bool {
    let document = roxmltree::Document::parse(xml).unwrap();
    let mut nodes = document.descendants();
    let element = nodes.find(|node| node.attribute("ID") == Some(id)).unwrap();
    let mut children = element.children();
    let Some(signature) = children.find(|node| node.tag_name().name() == "Signature") else {
        return false;
    };
    let whole = &xml[element.range()];
    let unsigned = whole.replacen(&xml[signature.range()], "", 1);
    let part = |name: &str| {
        let mut nodes = signature.descendants();
        nodes.find(|node| node.tag_name().name() == name).unwrap()
    };
    let digest = STANDARD.encode(digest(&SHA256, unsigned.as_bytes()));
    if part("Reference").attribute("URI") != Some(&format!("#{id}"))
        || part("DigestValue").text() != Some(&digest)
    {
        return false;
    }
    let info = &xml[part("SignedInfo").range()];
    let declared = "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
    let info = info.replacen("<ds:SignedInfo>", declared, 1);
    let value = part("SignatureValue").text().unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa_public_key(key));
    public
        .verify(info.as_bytes(), &STANDARD.decode(value).unwrap())
        .is_ok()
}
