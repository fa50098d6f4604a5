//! Pushed authorization requests (RFC 9126).

use crate::{
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
    secret::Secret,
};

/// Seconds for which a pushed request can be used.
pub const LIFE: i64 = 60;

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Parameters that prove the client to this endpoint and are no part of the authorization request.
const AUTHENTICATION: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// An authorization request that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The client that pushed it and proved who it is.
    pub client_id: String,
    /// What it pushed.
    pub parameters: Parameters,
}

/// What may be kept of a pushed request of the client `client_id`: the authorization request without the client's proof.
///
/// Refuses a `request_uri` within (§2.1) and another client's id. The caller checks the rest as at the authorization
/// endpoint.
pub fn accept(parameters: Parameters, client_id: &str) -> Result<Pushed, OAuthError> {
    if parameters.all("request_uri").next().is_some() {
        return Err(OAuthError::invalid_request(
            "request_uri must not be pushed",
        ));
    }
    if parameters
        .one("client_id")?
        .is_some_and(|named| named != client_id)
    {
        return Err(OAuthError::invalid_request(
            "client_id is not that of the authenticated client",
        ));
    }
    let kept = AUTHENTICATION
        .into_iter()
        .chain(["client_id"])
        .fold(parameters, Parameters::without);
    Ok(Pushed {
        client_id: client_id.to_owned(),
        parameters: kept.with("client_id", client_id),
    })
}

/// The `request_uri` by which the client names what it pushed.
pub fn request_uri(reference: &Secret) -> String {
    format!("{PREFIX}{}", reference.reveal())
}

/// The secret within the `request_uri` of an authorization request; `None` when it is not one that this server gave out.
pub fn reference(parameters: &Parameters) -> Option<Secret> {
    let uri = parameters.lenient("request_uri")?;
    uri.strip_prefix(PREFIX)
        .filter(|rest| !rest.is_empty())
        .map(Secret::new)
}

/// The pushed parameters in place of a request that names them. What the request holds beside is ignored (§4).
///
/// `found` is `None` when the reference is unknown, used or expired.
pub fn expand(request: &Parameters, found: Option<Pushed>) -> Result<Parameters, OAuthError> {
    let invalid =
        |description: &'static str| OAuthError::new(ErrorCode::InvalidRequestUri, description);
    let pushed = found.ok_or_else(|| invalid("the request_uri is unknown, used or expired"))?;
    if request.one("client_id")? == Some(&*pushed.client_id) {
        Ok(pushed.parameters)
    } else {
        Err(invalid("the request_uri belongs to another client"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUSHED: &str = "client_id=chat&client_secret=hush&response_type=code&state=s";

    #[test]
    fn what_is_kept_is_the_request_without_the_proof() {
        let pushed = accept(Parameters::parse(PUSHED), "chat").unwrap();
        assert_eq!(
            pushed.parameters.to_query(),
            "response_type=code&state=s&client_id=chat"
        );
        let without_id = accept(Parameters::parse("response_type=code"), "chat").unwrap();
        assert_eq!(without_id.parameters.one("client_id"), Ok(Some("chat")));
    }

    #[test]
    fn request_uri_must_not_be_pushed_and_the_client_is_the_authenticated_one() {
        for query in [
            "request_uri=x",
            "request_uri=urn:ietf:params:oauth:request_uri:x",
            "client_id=other",
            "client_id=chat&client_id=chat",
        ] {
            assert!(accept(Parameters::parse(query), "chat").is_err(), "{query}");
        }
    }

    #[test]
    fn a_reference_is_read_from_its_uri_only() {
        let request = |uri: &str| Parameters::default().with("request_uri", uri);
        let uri = request_uri(&Secret::new("abc"));
        assert_eq!(reference(&request(&uri)), Some(Secret::new("abc")));
        for other in ["abc", "https://client/abc", PREFIX] {
            assert_eq!(reference(&request(other)), None, "{other}");
        }
        assert_eq!(reference(&request(&uri).with("request_uri", "x")), None);
    }

    #[test]
    fn a_pushed_request_is_bound_to_its_client_and_replaces_what_is_beside_it() {
        let pushed = accept(Parameters::parse(PUSHED), "chat").unwrap();
        let request =
            Parameters::parse("client_id=chat&request_uri=x&redirect_uri=https://evil.com&state=t");
        let expanded = expand(&request, Some(pushed.clone())).unwrap();
        assert_eq!(expanded, pushed.parameters);
        for (query, found) in [
            ("client_id=eve", Some(pushed.clone())),
            ("", Some(pushed)),
            ("client_id=chat", None),
        ] {
            let refused = expand(&Parameters::parse(query), found).unwrap_err();
            assert_eq!(refused.code, ErrorCode::InvalidRequestUri, "{query}");
        }
    }
}
