//! Proof that a form was sent from a page of ours, to this browser, for this purpose.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{error::PageError, tenant::Tenant};

/// The hidden field that carries it.
pub const FIELD: &str = "csrf";

/// The token for a form; `about` is what only this browser's pages know, such as the secret of its cookie.
pub fn token(tenant: &Tenant, about: &[&str]) -> String {
    let key = tenant.cookie_keys.first().map_or(&[][..], Vec::as_slice);
    URL_SAFE_NO_PAD.encode(sign(key, about))
}

/// Checks the token that came with a form. Any listed cookie key will do, so that keys can change while pages are open.
pub fn check(tenant: &Tenant, about: &[&str], token: Option<&str>) -> Result<(), PageError> {
    let given = token
        .and_then(|token| URL_SAFE_NO_PAD.decode(token).ok())
        .ok_or(PageError::Forged)?;
    let message = message(about);
    let good = tenant.cookie_keys.iter().any(|key| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::verify(&key, &message, &given).is_ok()
    });
    if good { Ok(()) } else { Err(PageError::Forged) }
}

fn sign(key: &[u8], about: &[&str]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &message(about))
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
