//! Proof that a form was sent from a page of ours, to this browser, for this purpose.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::error::PageError;

/// The hidden field that carries it.
pub const FIELD: &str = "csrf";

/// The token for a form, made with the first of the tenant's cookie keys; `about` is what only this browser's pages know,
/// such as the secret of its cookie.
pub fn token(cookie_keys: &[Vec<u8>], about: &[&str]) -> String {
    let key = cookie_keys.first().map_or(&[][..], Vec::as_slice);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &message(about));
    URL_SAFE_NO_PAD.encode(tag)
}

/// Checks the token that came with a form. Any listed cookie key will do, so that keys can change while pages are open.
pub fn check(
    cookie_keys: &[Vec<u8>],
    about: &[&str],
    token: Option<&str>,
) -> Result<(), PageError> {
    let given = token
        .and_then(|token| URL_SAFE_NO_PAD.decode(token).ok())
        .ok_or(PageError::Forged)?;
    let message = message(about);
    let good = cookie_keys.iter().any(|key| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::verify(&key, &message, &given).is_ok()
    });
    if good { Ok(()) } else { Err(PageError::Forged) }
}

/// Each part with its length, so that no two lists give the same message.
fn message(about: &[&str]) -> Vec<u8> {
    let mut message = b"csrf".to_vec();
    for part in about {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend(part.as_bytes());
    }
    message
}

#[cfg(test)]
mod tests {
    use super::{check, token};

    fn keys(texts: &[&str]) -> Vec<Vec<u8>> {
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    }

    #[test]
    fn a_token_is_good_for_its_form_only() {
        let keys = keys(&["new", "old"]);
        let made = token(&keys, &["interaction", "browser"]);
        let good = |about: &[&str], token| check(&keys, about, token).is_ok();
        assert!(good(&["interaction", "browser"], Some(&made)));
        assert!(!good(&["interaction", "another"], Some(&made)));
        assert!(
            !good(&["interactionb", "rowser"], Some(&made)),
            "the parts are told apart"
        );
        assert!(!good(&["interaction", "browser"], Some("")));
        assert!(!good(&["interaction", "browser"], Some("!")));
        assert!(!good(&["interaction", "browser"], None));
    }

    #[test]
    fn tokens_outlive_the_key_they_were_made_with_until_it_is_trimmed() {
        let made = token(&keys(&["old"]), &["form"]);
        assert!(check(&keys(&["new", "old"]), &["form"], Some(&made)).is_ok());
        assert!(check(&keys(&["new"]), &["form"], Some(&made)).is_err());
        assert!(check(&[], &["form"], Some(&made)).is_err());
    }
}
