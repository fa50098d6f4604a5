//! Textual encoding of keys (RFC 7468).

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// The first block whose label ends in `PRIVATE KEY`: its label and contents. Blocks before it (`EC PARAMETERS`) are passed over.
pub(super) fn private_key(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once("-----BEGIN ")?;
        let (label, after) = after.split_once("-----")?;
        let (body, after) = after.split_once("-----END ")?;
        if label.ends_with("PRIVATE KEY") {
            let digits: Zeroizing<String> =
                Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
            let contents = STANDARD.decode(digits.as_bytes()).ok()?;
            return Some((label, Zeroizing::new(contents)));
        }
        rest = after;
    }
}

/// Writes `PRIVATE KEY` (PKCS#8) in lines of 64 characters.
pub(super) fn write_private_key(contents: &[u8]) -> Zeroizing<String> {
    let digits = Zeroizing::new(STANDARD.encode(contents));
    // Grown in place it would leave copies behind in freed memory.
    let mut text = String::with_capacity(digits.len() + digits.len() / 64 + 64);
    text.push_str("-----BEGIN PRIVATE KEY-----\n");
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            text.push('\n');
        }
        text.push(digit);
    }
    text.push_str("\n-----END PRIVATE KEY-----\n");
    Zeroizing::new(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{private_key, write_private_key};

    #[test]
    fn parameters_before_the_key_are_passed_over() {
        let text = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n\
            -----BEGIN EC PRIVATE KEY-----\r\nYWJj\r\n-----END EC PRIVATE KEY-----";
        let (label, contents) = private_key(text).unwrap();
        assert_eq!(
            (label, contents.as_slice()),
            ("EC PRIVATE KEY", &b"abc"[..])
        );
    }

    #[test]
    fn a_certificate_is_no_key() {
        let text = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----";
        assert!(private_key(text).is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = private_key(&text);
        }

        #[test]
        fn what_is_written_reads_back_the_same(contents in prop::collection::vec(any::<u8>(), 0..300)) {
            let text = write_private_key(&contents);
            prop_assert!(text.lines().all(|line| line.len() <= 64));
            let read = private_key(&text).map(|(_, read)| read.to_vec());
            prop_assert_eq!(read, Some(contents));
        }
    }
}
