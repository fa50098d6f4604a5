//! Secrets and identifiers: the only file that draws lots.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{
    grant::device::{USER_CODE_LENGTH, USER_CODE_LETTERS},
    secret::Secret,
};
use rand::Rng;

const LOWER_ALPHANUMERIC: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 32 random bytes as 43 characters of base64url: a code, a token, a cookie value.
pub fn secret() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(bytes::<32>()))
}

/// A new identifier of `length` characters out of `[0-9a-z]` (`contract/logto-core.md` §4).
pub fn id(length: usize) -> String {
    text(length, LOWER_ALPHANUMERIC)
}

/// A new application secret: 32 characters out of `[0-9a-zA-Z]`, so that every client encodes it the same way in HTTP Basic.
pub fn application_secret() -> Secret {
    Secret::new(text(32, ALPHANUMERIC))
}

/// A new user code of a device (RFC 8628 §6.1).
pub fn user_code() -> String {
    text(USER_CODE_LENGTH, USER_CODE_LETTERS)
}

/// `N` random bytes for salts and nonces.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Draws a block of bytes at a time. Those beyond the last whole multiple of the alphabet are drawn again: every letter is as likely.
fn text(length: usize, alphabet: &[u8]) -> String {
    let whole = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let fair = bytes::<24>()
            .map(usize::from)
            .into_iter()
            .filter(|byte| *byte < whole);
        let letters = fair.filter_map(|byte| alphabet.get(byte % alphabet.len()));
        let missing = length - text.len();
        text.extend(letters.take(missing).map(|letter| char::from(*letter)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{application_secret, id, secret};

    #[test]
    fn identifiers_have_the_length_and_letters_that_logto_uses() {
        let id = id(21);
        assert_eq!(id.len(), 21);
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
        );
    }

    #[test]
    fn every_letter_is_drawn_and_none_more_often_than_others() {
        let drawn = id(36_000);
        assert_eq!(drawn.len(), 36_000);
        for letter in super::LOWER_ALPHANUMERIC {
            let count = drawn.bytes().filter(|byte| byte == letter).count();
            // 1000 are expected; five standard deviations are 156.
            assert!((800..1200).contains(&count), "{letter}: {count}");
        }
    }

    #[test]
    fn secrets_are_long_and_never_alike() {
        assert_eq!(secret().reveal().len(), 43);
        assert_eq!(application_secret().reveal().len(), 32);
        assert_ne!(secret(), secret());
    }
}
