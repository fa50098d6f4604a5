//! Proof Key for Code Exchange (RFC 7636), with the method S256 only.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

/// Whether `verifier` is well-formed and hashes to `challenge` (RFC 7636 §4.6).
pub fn verify(challenge: &str, verifier: &str) -> bool {
    is_verifier(verifier)
        && URL_SAFE_NO_PAD
            .encode(digest(&SHA256, verifier.as_bytes()))
            .as_bytes()
            .ct_eq(challenge.as_bytes())
            .into()
}

/// Whether `text` can be a code verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
pub fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~'))
}

/// Whether `text` can be an S256 code challenge: a SHA-256 in base64url is always 43 characters (RFC 7636 §4.2).
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_specification_verifies() {
        assert!(verify(CHALLENGE, VERIFIER));
    }

    #[test]
    fn t13_the_challenge_itself_is_not_a_verifier() {
        assert!(
            !verify(CHALLENGE, CHALLENGE),
            "that would be the method plain"
        );
        assert!(!verify(VERIFIER, VERIFIER));
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for (length, good) in [
            (0, false),
            (42, false),
            (43, true),
            (128, true),
            (129, false),
        ] {
            assert_eq!(is_verifier(&"a".repeat(length)), good, "{length}");
        }
        assert!(!is_verifier(&format!("{}+", "a".repeat(43))));
        assert!(!is_verifier(&format!("{}é", "a".repeat(43))));
    }

    #[test]
    fn a_challenge_has_43_characters_of_base64url() {
        assert!(is_challenge(CHALLENGE));
        for bad in [
            "",
            "short",
            &CHALLENGE.replace('-', "+"),
            &format!("{CHALLENGE}="),
        ] {
            assert!(!is_challenge(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_verifier_fits_its_own_challenge_and_no_other(
            one in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}",
        ) {
            let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, one.as_bytes()));
            prop_assert!(is_challenge(&challenge));
            prop_assert!(verify(&challenge, &one));
            prop_assert_eq!(verify(&challenge, &other), one == other);
        }
    }
}
