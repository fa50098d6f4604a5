//! Assertions that only their service provider can read (XML Encryption 1.1, SAML Core §6).
//!
//! AES-256-GCM, whose tag shows every change: the CBC modes let whoever watches a service provider's errors read the text. Its key is
//! encrypted by RSA-OAEP with SHA-1, the one form of OAEP that the libraries of service providers have in common; OAEP does not depend on collisions.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{certificate, xml::Element};

const AES: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";

/// The certificate has no key that can encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the assertion could not be encrypted")]
pub struct NotEncrypted;

/// To whom an assertion is encrypted, and with what.
#[derive(Debug)]
pub struct Seal<'a> {
    /// The service provider's certificate, as PEM.
    pub certificate: &'a str,
    /// A key that was never used before.
    pub key: Zeroizing<[u8; 32]>,
    /// Any nonce: the key is used once.
    pub nonce: [u8; 12],
}

/// Whether assertions can be encrypted to the key of a certificate (DER): RSA of 2048 to 8192 bits.
pub fn is_key(certificate: &[u8]) -> bool {
    public_key(certificate).is_some()
}

impl Seal<'_> {
    /// The assertion as an `EncryptedAssertion`.
    ///
    /// # Errors
    /// When the certificate has no key that can encrypt.
    pub fn encrypt(self, assertion: &Element) -> Result<Element, NotEncrypted> {
        let text = self.aes(assertion.canonical().as_bytes())?;
        let certificate = certificate::from_pem(self.certificate).ok_or(NotEncrypted)?;
        let public = public_key(&certificate).ok_or(NotEncrypted)?;
        let mut wrapped = vec![0; public.ciphertext_size()];
        let wrapped = public
            .encrypt(&OAEP_SHA1_MGF1SHA1, self.key.as_slice(), &mut wrapped, None)
            .map_err(|_| NotEncrypted)?;

        let by =
            |algorithm| Element::new("xenc:EncryptionMethod").attribute("Algorithm", algorithm);
        let digest = Element::new("ds:DigestMethod").attribute("Algorithm", SHA1);
        let key = Element::new("xenc:EncryptedKey")
            .child(by(OAEP).child(digest))
            .child(cipher(wrapped));
        let data = Element::new("xenc:EncryptedData")
            .attribute("Type", ELEMENT)
            .child(by(AES))
            .child(Element::new("ds:KeyInfo").child(key))
            .child(cipher(&text));
        Ok(Element::new("saml:EncryptedAssertion").child(data))
    }

    /// Nonce, text and tag, in this order (XML Encryption §5.2.4).
    fn aes(&self, plain: &[u8]) -> Result<Vec<u8>, NotEncrypted> {
        let key = UnboundKey::new(&AES_256_GCM, self.key.as_slice()).map_err(|_| NotEncrypted)?;
        let mut text = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        LessSafeKey::new(key)
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut text)
            .map_err(|_| NotEncrypted)?;
        Ok([&self.nonce[..], &text].concat())
    }
}

fn cipher(bytes: &[u8]) -> Element {
    let value = Element::new("xenc:CipherValue").text(STANDARD.encode(bytes));
    Element::new("xenc:CipherData").child(value)
}

fn public_key(certificate: &[u8]) -> Option<OaepPublicEncryptingKey> {
    let key = certificate::public_key(certificate)?;
    let key = PublicEncryptingKey::from_der(key).ok()?;
    OaepPublicEncryptingKey::new(key).ok()
}

#[cfg(test)]
mod tests {
    use super::{NotEncrypted, Seal};
    use crate::saml::{
        samples::{CERTIFICATE, CERTIFICATE_V1, decrypted, text_of},
        xml::Element,
    };
    use zeroize::Zeroizing;

    fn seal(certificate: &str) -> Seal<'_> {
        Seal {
            certificate,
            key: Zeroizing::new([5; 32]),
            nonce: [6; 12],
        }
    }

    #[test]
    fn the_holder_of_the_key_reads_the_assertion() {
        let assertion = Element::new("saml:Assertion")
            .attribute("ID", "_1")
            .text("ann");
        for certificate in [CERTIFICATE, CERTIFICATE_V1] {
            let xml = seal(certificate).encrypt(&assertion).unwrap().canonical();
            assert!(!xml.contains("ann"));
            assert_eq!(decrypted(&xml), assertion.canonical());
        }
    }

    #[test]
    fn the_key_is_wrapped_anew_each_time() {
        let assertion = Element::new("saml:Assertion");
        let wrapped = || {
            let xml = seal(CERTIFICATE).encrypt(&assertion).unwrap().canonical();
            text_of(&xml, "CipherValue")
        };
        assert_ne!(wrapped(), wrapped());
    }

    #[test]
    fn without_a_key_nothing_is_sent_in_the_open() {
        let assertion = Element::new("saml:Assertion");
        for certificate in ["", "nonsense"] {
            assert_eq!(seal(certificate).encrypt(&assertion), Err(NotEncrypted));
        }
    }
}
