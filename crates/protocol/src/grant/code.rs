//! The authorization code grant (RFC 6749 §4.1.3).

use crate::{client::Client, error::OAuthError, pkce, record::IssuedCode, time::Time};

/// The life of an authorization code in seconds.
pub const LIFE: i64 = 60;

/// What a token request says beside the code itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct CodeRequest<'a> {
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub code_verifier: Option<&'a str>,
}

/// Decides whether `client` may exchange `code` for tokens at `now`; a refusal is `invalid_grant`.
///
/// The caller has already marked the code as used, so that a refusal burns it too (RFC 6749 §4.1.2).
pub fn redeem(
    code: &IssuedCode,
    client: &Client,
    request: &CodeRequest<'_>,
    now: Time,
) -> Result<(), OAuthError> {
    let refuse = |description| Err(OAuthError::invalid_grant(description));
    if code.client_id != client.id {
        return refuse("the code belongs to another client");
    }
    if now >= code.expires_at {
        return refuse("the code has expired");
    }
    if !same_redirect_uri(code.redirect_uri.as_deref(), request.redirect_uri, client) {
        return refuse("redirect_uri differs from the authorization request");
    }
    match (&code.code_challenge, request.code_verifier) {
        (Some(challenge), Some(verifier)) if pkce::verify(challenge, verifier) => Ok(()),
        (Some(_), Some(_)) => refuse("code_verifier does not match the code challenge"),
        (Some(_), None) => refuse("code_verifier is missing"),
        // An attacker who strips the challenge from the authorization request is found out here (RFC 9700 §2.1.1).
        (None, Some(_)) => {
            refuse("code_verifier was sent, but the authorization request had no code challenge")
        }
        (None, None) if client.kind.is_public() => refuse("a public client must use PKCE"),
        (None, None) => Ok(()),
    }
}

/// An address that the authorization request named must be repeated; one it left out is the only registered one.
fn same_redirect_uri(asked: Option<&str>, repeated: Option<&str>, client: &Client) -> bool {
    match (asked, repeated) {
        (Some(asked), repeated) => repeated == Some(asked),
        (None, None) => true,
        (None, Some(repeated)) => matches!(&*client.redirect_uris, [only] if only == repeated),
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeRequest, redeem};
    use crate::{
        client::ApplicationType::{self, *},
        error::ErrorCode,
        record::IssuedCode,
        samples::client,
        time::Time,
    };

    const CALLBACK: &str = "https://chat.example.com/callback";
    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn code() -> IssuedCode {
        IssuedCode {
            grant_id: "grant".to_owned(),
            client_id: "chat".to_owned(),
            redirect_uri: Some(CALLBACK.to_owned()),
            code_challenge: Some(CHALLENGE.to_owned()),
            expires_at: Time(60),
        }
    }

    const GOOD: CodeRequest<'static> = CodeRequest {
        redirect_uri: Some(CALLBACK),
        code_verifier: Some(VERIFIER),
    };

    /// The refusal, or `None`.
    fn refused(
        code: &IssuedCode,
        kind: ApplicationType,
        request: CodeRequest<'_>,
        now: i64,
    ) -> Option<String> {
        let refused = redeem(code, &client(kind), &request, Time(now)).err()?;
        assert_eq!(refused.code, ErrorCode::InvalidGrant);
        Some(refused.description.into_owned())
    }

    #[test]
    fn a_code_is_redeemed_with_its_address_and_verifier() {
        for kind in [Traditional, Spa, Native] {
            assert_eq!(refused(&code(), kind, GOOD, 0), None, "{kind:?}");
        }
    }

    #[test]
    fn t10_a_code_of_another_client_is_refused() {
        let mut code = code();
        code.client_id = "other".to_owned();
        let refusal = refused(&code, Traditional, GOOD, 0).unwrap();
        assert_eq!(refusal, "the code belongs to another client");
    }

    #[test]
    fn t11_an_expired_code_is_refused() {
        assert_eq!(refused(&code(), Traditional, GOOD, 59), None);
        for now in [60, 61, i64::MAX] {
            let refusal = refused(&code(), Traditional, GOOD, now).unwrap();
            assert_eq!(refusal, "the code has expired");
        }
    }

    #[test]
    fn t13_pkce_cannot_be_left_out_weakened_or_added_later() {
        let (with, mut without) = (code(), code());
        without.code_challenge = None;
        let verifier = |code_verifier| CodeRequest {
            code_verifier,
            ..GOOD
        };
        for (code, kind, sent, good) in [
            (&with, Traditional, None, false),
            (&with, Spa, None, false),
            (&with, Traditional, Some(""), false),
            (&with, Traditional, Some(CHALLENGE), false), // the method plain
            (&with, Traditional, Some("a wrong one"), false),
            (&with, Traditional, Some(VERIFIER), true),
            (&without, Traditional, Some(VERIFIER), false),
            (&without, Traditional, None, true),
            (&without, Spa, None, false),
            (&without, Native, None, false),
        ] {
            let refusal = refused(code, kind, verifier(sent), 0);
            assert_eq!(refusal.is_none(), good, "{code:?} {kind:?} {sent:?}");
        }
    }

    #[test]
    fn t15_redirect_uri_must_be_the_same_as_in_the_authorization_request() {
        for other in [
            None,
            Some(""),
            Some("https://chat.example.com/callback/"),
            Some("https://chat.example.com/callback?x=1"),
            Some("https://CHAT.example.com/callback"),
            Some("https://evil.example.com/callback"),
        ] {
            let request = CodeRequest {
                redirect_uri: other,
                ..GOOD
            };
            assert!(
                refused(&code(), Traditional, request, 0).is_some(),
                "{other:?}"
            );
        }
    }

    #[test]
    fn an_address_left_out_is_the_only_registered_one() {
        let mut code = code();
        code.redirect_uri = None;
        for (repeated, good) in [
            (None, true),
            (Some(CALLBACK), true),
            (Some("https://evil.example.com/callback"), false),
        ] {
            let request = CodeRequest {
                redirect_uri: repeated,
                ..GOOD
            };
            let refusal = refused(&code, Traditional, request, 0);
            assert_eq!(refusal.is_none(), good, "{repeated:?}");
        }
    }
}
