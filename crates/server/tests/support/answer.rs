//! What a server answers to programs.

use axum::http::{HeaderMap, header};
use serde_json::Value;

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// JSON, or a string when it is none.
    pub body: Value,
}

/// What the server answered, before it is read.
#[derive(Debug)]
pub(crate) struct Raw {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Raw {
    /// JSON, or a text.
    pub(crate) fn read(self) -> Answer {
        let text = String::from_utf8(self.body).unwrap();
        Answer {
            status: self.status,
            headers: self.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }
}

impl Answer {
    /// The body of a success.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The body of a refusal with this status and `error`, which is shaped as every refusal is.
    pub(crate) fn refused(self, status: u16, error: &str) -> Value {
        assert_eq!(
            (self.status, self.body["error"].as_str()),
            (status, Some(error)),
            "{}",
            self.body
        );
        assert_eq!(self.body["code"], format!("oidc.{error}"));
        assert_eq!(self.body["message"], self.body["error_description"]);
        let description = self.body["error_description"].as_str().unwrap();
        assert!(
            description
                .bytes()
                .all(|byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
            "{description}"
        );
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(
            self.headers.contains_key(header::WWW_AUTHENTICATE),
            self.challenges(),
            "{}",
            self.body
        );
        self.body
    }

    /// Whether a challenge belongs to it: 401 and 403 at a protected resource, 401 after an Authorization header.
    fn challenges(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
