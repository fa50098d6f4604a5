//! The authorization response (RFC 6749 §4.1.2, RFC 9207).

use url::{Url, form_urlencoded};

use super::request::{ResponseMode, ReturnTo};
use crate::{error::OAuthError, secret::Secret};

/// How the browser brings the answer to the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// By going to this address.
    Redirect(String),
    /// By posting these fields (OAuth 2.0 Form Post Response Mode).
    Form {
        /// To this address.
        action: String,
        /// Names and values.
        fields: Vec<(&'static str, String)>,
    },
}

/// The answer that carries a code: `code`, `state`, `iss` and nothing else.
pub fn code(return_to: &ReturnTo, code: &Secret, issuer: &str) -> Answer {
    answer(return_to, vec![("code", code.reveal().to_owned())], issuer)
}

/// The answer that carries an error.
pub fn error(return_to: &ReturnTo, error: &OAuthError, issuer: &str) -> Answer {
    let fields = vec![
        ("error", error.code.as_str().to_owned()),
        ("error_description", error.description.clone().into_owned()),
    ];
    answer(return_to, fields, issuer)
}

fn answer(return_to: &ReturnTo, mut fields: Vec<(&'static str, String)>, issuer: &str) -> Answer {
    fields.extend(return_to.state.clone().map(|state| ("state", state)));
    fields.push(("iss", issuer.to_owned()));
    let address = ascii(&return_to.redirect_uri);
    match return_to.response_mode {
        ResponseMode::Query => Answer::Redirect(with_query(&address, &fields)),
        ResponseMode::Fragment => Answer::Redirect(format!("{address}#{}", encode(&fields))),
        ResponseMode::FormPost => Answer::Form {
            action: address,
            fields,
        },
    }
}

/// `address` with more parameters at the end of its query; those it has stay as they are (RFC 6749 §3.1.2).
pub fn with_query(address: &str, fields: &[(&'static str, String)]) -> String {
    if fields.is_empty() {
        return address.to_owned();
    }
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{}", encode(fields))
}

/// The address in the characters that a header may hold.
fn ascii(address: &str) -> String {
    if address.is_ascii() {
        return address.to_owned();
    }
    Url::parse(address).map_or_else(|_| address.to_owned(), String::from)
}

fn encode(fields: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.com/oidc";

    fn to(redirect_uri: &str, response_mode: ResponseMode, state: Option<&str>) -> ReturnTo {
        ReturnTo {
            redirect_uri: redirect_uri.to_owned(),
            response_mode,
            state: state.map(str::to_owned),
        }
    }

    fn redirect(text: &str) -> Answer {
        Answer::Redirect(text.to_owned())
    }

    #[test]
    fn t20_iss_is_in_every_answer() {
        let secret = Secret::new("c0de");
        let query = to("https://app/cb", ResponseMode::Query, Some("s 1"));
        assert_eq!(
            code(&query, &secret, ISSUER),
            redirect("https://app/cb?code=c0de&state=s+1&iss=https%3A%2F%2Fid.example.com%2Foidc")
        );
        let refusal = OAuthError::invalid_request("no");
        assert_eq!(
            error(&query, &refusal, ISSUER),
            redirect(
                "https://app/cb?error=invalid_request&error_description=no&state=s+1&iss=https%3A%2F%2Fid.example.com%2Foidc"
            )
        );
    }

    #[test]
    fn the_query_of_the_redirection_address_is_retained() {
        let secret = Secret::new("c");
        for (address, answer) in [
            (
                "https://app/cb?a=%20b",
                "https://app/cb?a=%20b&code=c&iss=i",
            ),
            ("https://app/cb?", "https://app/cb?code=c&iss=i"),
            ("https://app/cb?a&", "https://app/cb?a&code=c&iss=i"),
            ("com.app:/cb", "com.app:/cb?code=c&iss=i"),
            (
                "https://bücher.example/é",
                "https://xn--bcher-kva.example/%C3%A9?code=c&iss=i",
            ),
        ] {
            let to = to(address, ResponseMode::Query, None);
            assert_eq!(code(&to, &secret, "i"), redirect(answer));
        }
    }

    #[test]
    fn a_fragment_or_a_form_carries_the_same_fields() {
        let secret = Secret::new("c");
        let fragment = to("https://app/cb?a=1", ResponseMode::Fragment, Some("s"));
        assert_eq!(
            code(&fragment, &secret, "i"),
            redirect("https://app/cb?a=1#code=c&state=s&iss=i")
        );
        let form = to(
            "https://app/cb",
            ResponseMode::FormPost,
            Some("\"><script>"),
        );
        assert_eq!(
            code(&form, &secret, "i"),
            Answer::Form {
                action: "https://app/cb".to_owned(),
                fields: vec![
                    ("code", "c".to_owned()),
                    ("state", "\"><script>".to_owned()),
                    ("iss", "i".to_owned())
                ],
            }
        );
    }
}
