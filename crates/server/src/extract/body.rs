//! The parameters of a request body: a form, or the same as JSON.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderValue, header},
};
use protocol::{error::OAuthError, parameters::Parameters};
use serde_json::Value;
use url::form_urlencoded;

use crate::{app::App, error::OidcError};

/// Parameters that may stand more than once (RFC 8707 §2).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The parameters of a POST request: all but `resource` and `audience` stand at most once (RFC 6749 §3.2), and there is
/// no NUL in them.
pub struct Body(pub Parameters);

impl FromRequest<App> for Body {
    type Rejection = OidcError;

    async fn from_request(request: Request, app: &App) -> Result<Self, OidcError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        let body = Bytes::from_request(request, app).await.map_err(|_| {
            OAuthError::invalid_request("the body is broken off or longer than 56 kB")
        })?;
        Ok(Self(read(content_type.as_ref(), &body)?))
    }
}

/// Reads a body of the kind that `Content-Type` names.
fn read(content_type: Option<&HeaderValue>, body: &[u8]) -> Result<Parameters, OAuthError> {
    if body.is_empty() {
        return Ok(Parameters::default());
    }
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    match content_type.as_deref() {
        Some("application/x-www-form-urlencoded") => {
            checked(form_urlencoded::parse(body).into_owned().collect())
        }
        Some("application/json") => checked(members(body)?),
        _ => Err(OAuthError::invalid_request(
            "the body must be application/x-www-form-urlencoded or application/json",
        )),
    }
}

fn checked(mut pairs: Vec<(String, String)>) -> Result<Parameters, OAuthError> {
    if pairs
        .iter()
        .any(|(name, value)| name.contains('\0') || value.contains('\0'))
    {
        return Err(OAuthError::invalid_request(
            "the body contains a NUL character",
        ));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    if stands_twice(&pairs) {
        return Err(OAuthError::invalid_request(
            "a parameter must not be sent twice",
        ));
    }
    Ok(pairs.into_iter().collect())
}

/// Whether a parameter that must not be repeated is.
fn stands_twice(pairs: &[(String, String)]) -> bool {
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
        .iter()
        .zip(names.iter().skip(1))
        .any(|(one, next)| one == next && !REPEATABLE.contains(one))
}

/// The members of a JSON object as parameters: texts, and lists of texts for those that may be repeated.
fn members(body: &[u8]) -> Result<Vec<(String, String)>, OAuthError> {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
        return Err(OAuthError::invalid_request("the body is no JSON object"));
    };
    let mut pairs = Vec::new();
    for (name, value) in object {
        let values = match value {
            Value::Null => vec![],
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let Value::String(text) = value else {
                return Err(OAuthError::invalid_request("a parameter is no text"));
            };
            pairs.push((name.clone(), text));
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use protocol::parameters::Parameters;

    const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    fn read(content_type: &str, body: &[u8]) -> Result<Parameters, String> {
        let content_type = content_type.parse().unwrap();
        super::read(Some(&content_type), body).map_err(|refused| refused.description.into_owned())
    }

    #[test]
    fn a_form_and_json_say_the_same() {
        let form = read(
            FORM,
            b"grant_type=refresh_token&resource=https%3A%2F%2Fa&resource=https://b&scope=",
        );
        let json = read(
            "application/json",
            br#"{"grant_type":"refresh_token","resource":["https://a","https://b"],"scope":null}"#,
        );
        for parameters in [form.unwrap(), json.unwrap()] {
            assert_eq!(parameters.one("grant_type"), Ok(Some("refresh_token")));
            assert_eq!(
                parameters.all("resource").collect::<Vec<_>>(),
                ["https://a", "https://b"]
            );
            assert_eq!(parameters.one("scope"), Ok(None));
        }
    }

    #[test]
    fn t08_parameters_must_not_be_included_more_than_once() {
        for body in ["code=a&code=b", "code=a&x=1&code=a", "unknown=1&unknown=1"] {
            assert!(read(FORM, body.as_bytes()).is_err(), "{body}");
        }
        assert!(read("application/json", br#"{"code":["a","b"]}"#).is_err());
        assert!(
            read(FORM, b"scope=&scope=a").is_ok(),
            "one without a value counts as left out"
        );
    }

    #[test]
    fn t53_nul_characters_and_strange_bodies_are_refused() {
        for (content_type, body) in [
            (FORM, &b"code=%00"[..]),
            (FORM, b"code=a\0"),
            (FORM, b"a%00=b"),
            ("application/json", br#"{"code":"\u0000"}"#),
            ("application/json", b"[]"),
            ("application/json", b"{"),
            ("application/json", br#"{"code":1}"#),
            ("application/json", br#"{"code":{"a":"b"}}"#),
            ("application/json", br#"{"code":[["a"]]}"#),
            ("text/plain", b"code=a"),
            ("multipart/form-data", b"code=a"),
        ] {
            assert!(read(content_type, body).is_err(), "{content_type} {body:?}");
        }
    }
}
