//! Enveloped signatures (XML Signature 1.1, SAML Core §5.4): RSA with SHA-256 over the exclusive canonical form.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::xml::Element;
use crate::jose::{SignError, SigningKey};

const CANONICAL: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const DIGEST_SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// What answers are signed with.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// An RSA key.
    pub key: &'a SigningKey,
    /// The certificate of it, as DER.
    pub certificate: &'a [u8],
}

impl Signer<'_> {
    /// The element with a signature over it, after its `Issuer`, where the schema of SAML wants it.
    ///
    /// # Errors
    /// When the library cannot sign.
    pub fn sign(&self, element: Element) -> Result<Element, SignError> {
        let id = element.get("ID").unwrap_or_default();
        let info = signed_info(id, &sha256(&element.canonical()));
        let signature = self.key.signature(info.canonical().as_bytes())?;
        let signature = Element::new("ds:Signature")
            .child(info)
            .child(Element::new("ds:SignatureValue").text(STANDARD.encode(signature)))
            .child(key_info(self.certificate));
        Ok(element.second(signature))
    }
}

/// Whose key it is.
pub(super) fn key_info(certificate: &[u8]) -> Element {
    let certificate = Element::new("ds:X509Certificate").text(STANDARD.encode(certificate));
    Element::new("ds:KeyInfo").child(Element::new("ds:X509Data").child(certificate))
}

fn signed_info(id: &str, hash: &str) -> Element {
    let by = |name, algorithm| Element::new(name).attribute("Algorithm", algorithm);
    let transforms = Element::new("ds:Transforms")
        .child(by("ds:Transform", ENVELOPED))
        .child(by("ds:Transform", CANONICAL));
    let reference = Element::new("ds:Reference")
        .attribute("URI", format!("#{id}"))
        .child(transforms)
        .child(by("ds:DigestMethod", DIGEST_SHA256))
        .child(Element::new("ds:DigestValue").text(hash));
    Element::new("ds:SignedInfo")
        .child(by("ds:CanonicalizationMethod", CANONICAL))
        .child(by("ds:SignatureMethod", RSA_SHA256))
        .child(reference)
}

fn sha256(text: &str) -> String {
    STANDARD.encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::{Signer, sha256};
    use crate::{
        jose::test_keys::rs256,
        saml::{
            samples::{rsa_public_key, text_of},
            xml::Element,
        },
    };

    #[test]
    fn the_signature_is_over_the_element_without_it() {
        let key = rs256();
        let signer = Signer {
            key: &key,
            certificate: b"certificate",
        };
        let element = Element::new("saml:Assertion")
            .attribute("ID", "_1")
            .child(Element::new("saml:Issuer").text("i"))
            .child(Element::new("saml:Subject").text("ann & bob"));
        let xml = signer.sign(element.clone()).unwrap().canonical();
        // As a verifier does it: the signature out, the rest hashed; then the signed part, standing by itself.
        let (before, rest) = xml.split_once("<ds:Signature ").unwrap();
        let (signature, after) = rest.split_once("</ds:Signature>").unwrap();
        assert_eq!(format!("{before}{after}"), element.canonical());
        assert_eq!(text_of(&xml, "DigestValue"), sha256(&element.canonical()));
        let (_, info) = signature.split_once("<ds:SignedInfo>").unwrap();
        let (info, _) = info.split_once("</ds:SignedInfo>").unwrap();
        let info = format!(
            "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}</ds:SignedInfo>"
        );
        let public = rsa_public_key(&key);
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
        let value = STANDARD.decode(text_of(&xml, "SignatureValue")).unwrap();
        public.verify(info.as_bytes(), &value).unwrap();
        assert!(
            public
                .verify(info.replace("#_1", "#_2").as_bytes(), &value)
                .is_err()
        );
        assert_eq!(
            text_of(&xml, "X509Certificate"),
            STANDARD.encode("certificate")
        );
    }
}
