//! As much of X.509 as finding the public key in a certificate takes (RFC 5280 §4.1).

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::jose::der::element;

/// The bytes of the first certificate in a PEM text (RFC 7468 §5); `None` where there is none.
pub fn from_pem(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE-----")?;
    let digits: String = body.split_whitespace().collect();
    let der = STANDARD.decode(digits).ok()?;
    public_key(&der).is_some().then_some(der)
}

/// The `SubjectPublicKeyInfo` of a certificate.
pub fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const INTEGER: u8 = 0x02;
    const VERSION: u8 = 0xa0;
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (inside, _) = element(certificate, SEQUENCE)?;
    // Certificates of version 1 do not say so.
    let rest = element(inside, VERSION).map_or(inside, |(_, rest)| rest);
    let (_, mut rest) = element(rest, INTEGER)?;
    // Signature algorithm, issuer, validity, subject.
    for _ in 0..4 {
        (_, rest) = element(rest, SEQUENCE)?;
    }
    let (_, after) = element(rest, SEQUENCE)?;
    rest.get(..rest.len() - after.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{from_pem, public_key};
    use crate::saml::samples::{CERTIFICATE, CERTIFICATE_V1, PUBLIC_KEY};

    #[test]
    fn the_public_key_of_a_certificate_is_found() {
        for pem in [CERTIFICATE, CERTIFICATE_V1] {
            let der = from_pem(pem).unwrap();
            assert_eq!(public_key(&der), Some(&*PUBLIC_KEY.to_vec()));
            let padded = format!("subject=x\r\n{}\r\n", pem.replace('\n', "\r\n"));
            assert_eq!(from_pem(&padded), Some(der));
        }
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
        for text in [
            String::new(),
            "MIIB".to_owned(),
            format!("{begin}\nMIIB\n"),
            format!("{begin}\n*\n{end}"),
            format!("{begin}\nMIIB\n{end}"),
            CERTIFICATE.replace("CERTIFICATE", "PRIVATE KEY"),
        ] {
            assert_eq!(from_pem(&text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = public_key(&bytes);
        }
    }
}
