//! How a request is wrapped on its way (SAML Bindings §3.4.4, §3.5.4).

use std::io::Read;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use flate2::{
    Compression,
    read::{DeflateDecoder, DeflateEncoder},
};

use super::Refused;

/// The longest request in bytes, once it is unpacked: many times what a request needs.
const LONGEST: usize = 64 * 1024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The XML of a request in a form: base64. Some libraries compress it as for a query, `@node-saml/node-saml` for one.
///
/// # Errors
/// When it is none, or too long.
pub fn post(text: &str) -> Result<String, Refused> {
    let bytes = decode(text)?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    // An XML document begins with `<`, perhaps after a byte order mark.
    if matches!(first, Some(b'<' | 0xef)) {
        return xml(bytes);
    }
    inflate(&bytes)
}

/// The XML of a request in a query: DEFLATE (RFC 1951) in base64.
///
/// # Errors
/// When it is none, or too long.
pub fn redirect(text: &str) -> Result<String, Refused> {
    // A plus sign that was not encoded in the query.
    inflate(&decode(&text.replace(' ', "+"))?)
}

/// Unpacks only as much as a request may be long: a kilobyte can stand for a megabyte (T53).
fn inflate(packed: &[u8]) -> Result<String, Refused> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    DeflateDecoder::new(packed)
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|_| malformed("it is not compressed by DEFLATE"))?;
    xml(bytes)
}

fn xml(bytes: Vec<u8>) -> Result<String, Refused> {
    if bytes.len() > LONGEST {
        return Err(malformed("it is too long"));
    }
    String::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))
}

/// A request as it stands in a query.
pub fn packed(xml: &str) -> String {
    let mut encoder = DeflateEncoder::new(xml.as_bytes(), Compression::best());
    let mut bytes = Vec::new();
    // Reading from memory does not fail.
    let _ = encoder.read_to_end(&mut bytes);
    BASE64.encode(bytes)
}

fn decode(text: &str) -> Result<Vec<u8>, Refused> {
    let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64
        .decode(digits)
        .map_err(|_| malformed("it is not base64"))
}

fn malformed(why: &str) -> Refused {
    let message = format!("SAMLRequest cannot be read: {why}.");
    Refused::new("application.saml.invalid_saml_request", message)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    use super::{LONGEST, packed, post, redirect};

    #[test]
    fn a_request_is_unwrapped() {
        let xml = "<samlp:AuthnRequest>虎</samlp:AuthnRequest>".repeat(20);
        assert_eq!(redirect(&packed(&xml)), Ok(xml.clone()));
        assert_eq!(
            redirect(packed(&xml).trim_end_matches('=')),
            Ok(xml.clone())
        );
        assert_eq!(redirect(&packed(&xml).replace('+', " ")), Ok(xml.clone()));
        let wrapped = STANDARD.encode(&xml);
        let lines: Vec<_> = wrapped.as_bytes().chunks(76).collect();
        let lines = lines.join(&b"\r\n"[..]);
        assert_eq!(post(std::str::from_utf8(&lines).unwrap()), Ok(xml.clone()));
        assert_eq!(post(&packed(&xml)), Ok(xml));
    }

    #[test]
    fn t53_a_bomb_is_not_unpacked() {
        let bomb = packed(&"a".repeat(20_000_000));
        assert!(bomb.len() < 40_000, "{}", bomb.len());
        let refused = redirect(&bomb).unwrap_err();
        assert_eq!(
            refused.message,
            "SAMLRequest cannot be read: it is too long."
        );
        assert!(redirect(&packed(&"a".repeat(LONGEST))).is_ok());
        assert!(redirect(&packed(&"a".repeat(LONGEST + 1))).is_err());
        assert!(post(&bomb).is_err());
        assert!(post(&STANDARD.encode("<".repeat(LONGEST))).is_ok());
        assert!(post(&STANDARD.encode("<".repeat(LONGEST + 1))).is_err());
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for text in ["*", "ÿ", "A", "////"] {
            let code = |refused: super::Refused| refused.code;
            let expected = Err("application.saml.invalid_saml_request");
            assert_eq!(redirect(text).map_err(code), expected, "{text}");
            assert_eq!(post(text).map_err(code), expected, "{text}");
        }
        assert!(redirect(&STANDARD.encode("<x/>")).is_err(), "not packed");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (redirect(&text), post(&text));
            let _ = (redirect(&STANDARD.encode(&bytes)), post(&STANDARD.encode(&bytes)));
        }
    }
}
