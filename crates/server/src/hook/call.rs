//! One call of a webhook (`contract/logto-core.md` §9.1).

use std::{fmt::Write, time::Duration};

use aws_lc_rs::hmac;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, USER_AGENT},
};
use connectors::http::{Answer, CallFailed};
use protocol::secret::Secret;
use store::hook::Hook;

use crate::app::App;

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Receivers tell our calls from others by it.
const AGENT: HeaderValue = HeaderValue::from_static("Logto (https://logto.io/)");

const SIGNATURE: HeaderName = HeaderName::from_static("logto-signature-sha-256");

/// What an operator's header must not say: the connection's own matters, and the signature.
const RESERVED: [HeaderName; 5] = [
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    SIGNATURE,
];

/// Whether a hook may send such a header.
pub fn is_header(name: &str, value: &str) -> bool {
    let name: Option<HeaderName> = name.parse().ok();
    name.is_some_and(|name| !RESERVED.contains(&name)) && HeaderValue::from_str(value).is_ok()
}

/// Posts `body` to the hook's address, signed.
///
/// # Errors
/// When the address may not be called, or nobody answers there in time.
pub async fn call(app: &App, hook: &Hook, body: &str) -> Result<Answer, CallFailed> {
    let headers = headers(hook, body);
    app.http()
        .post(&hook.config.url, headers, body.as_bytes().to_vec(), TIMEOUT)
        .await
}

fn headers(hook: &Hook, body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, AGENT);
    for (name, value) in hook.config.headers.iter().flatten() {
        // They were looked at when they were set; whatever does not read today is left out.
        if is_header(name, value)
            && let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse())
        {
            headers.insert(name, value);
        }
    }
    if let Ok(value) = signature(&hook.signing_key, body.as_bytes()).parse() {
        headers.insert(SIGNATURE, value);
    }
    headers
}

/// HMAC-SHA256 of exactly these bytes, in lower-case hexadecimal digits.
fn signature(key: &Secret, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.reveal().as_bytes());
    let mut text = String::with_capacity(64);
    for byte in hmac::sign(&key, body).as_ref() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use protocol::{secret::Secret, time::Time};
    use store::hook::{Hook, HookConfig};

    use super::{headers, is_header, signature};

    #[test]
    fn the_signature_is_the_hmac_of_the_body_in_hexadecimal() {
        // RFC 4231 §4.3.
        assert_eq!(
            signature(&Secret::new("Jefe"), b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn operators_set_headers_but_not_those_of_the_connection_nor_the_signature() {
        for (name, value, may) in [
            ("authorization", "Bearer x", true),
            ("User-Agent", "ours", true),
            ("Host", "other.test", false),
            ("content-length", "1", false),
            ("Logto-Signature-SHA-256", "forged", false),
            ("a b", "x", false),
            ("x", "a\r\nb: c", false),
            ("", "x", false),
        ] {
            assert_eq!(is_header(name, value), may, "{name}: {value}");
        }
    }

    #[test]
    fn every_call_is_json_of_a_known_sender() {
        let mut hook = Hook {
            id: "h".to_owned(),
            name: String::new(),
            event: None,
            events: Vec::new(),
            config: HookConfig::default(),
            signing_key: Secret::new("k"),
            enabled: true,
            created_at: Time(0),
        };
        let sent = headers(&hook, "{}");
        assert_eq!(sent["content-type"], "application/json");
        assert_eq!(sent["user-agent"], "Logto (https://logto.io/)");
        assert_eq!(sent["logto-signature-sha-256"].len(), 64);
        let own = [
            ("User-Agent", "ours"),
            ("host", "x"),
            ("logto-signature-sha-256", "y"),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
        hook.config.headers = Some(BTreeMap::from(own));
        let sent = headers(&hook, "{}");
        assert_eq!(sent["user-agent"], "ours");
        assert!(!sent.contains_key("host"));
        assert_eq!(sent["logto-signature-sha-256"].len(), 64);
    }
}
