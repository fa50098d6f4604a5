//! What an answered authorization request leaves behind.

use super::request::AuthorizationRequest;
use crate::{
    grant,
    record::{Grant, IssuedCode, Session},
    time::Time,
};

/// The grant called `grant_id` that `request` gets from the person of `session`, and the code for it.
pub fn issue(
    request: AuthorizationRequest,
    session: &Session,
    grant_id: String,
    now: Time,
) -> (Grant, IssuedCode) {
    let code = IssuedCode {
        grant_id: grant_id.clone(),
        client_id: request.client_id.clone(),
        redirect_uri: request
            .names_redirect_uri
            .then_some(request.return_to.redirect_uri),
        code_challenge: request.code_challenge,
        expires_at: now.plus(grant::code::LIFE),
    };
    let grant = Grant {
        id: grant_id,
        user_id: session.user_id.clone(),
        client_id: request.client_id,
        session_id: Some(session.id.clone()),
        scope: request.scope,
        resources: request.resources,
        auth_time: session.authenticated_at,
        nonce: request.nonce,
        claims: request.claims,
        created_at: now,
        expires_at: now.plus(grant::LIFE),
    };
    (grant, code)
}

#[cfg(test)]
mod tests {
    use super::issue;
    use crate::{
        authorize::{
            check::{Server, Untrusted},
            request::AuthorizationRequest,
        },
        client::ApplicationType::Traditional,
        jose::KeyRing,
        parameters::Parameters,
        samples::{client, session},
        time::Time,
    };

    fn request(query: &str) -> AuthorizationRequest {
        let (client, keys) = (client(Traditional), KeyRing::new(vec![]));
        let server = Server {
            issuer: "https://id.example.com/oidc",
            keys: &keys,
            default_resource: None,
            scopes_of: &|_| None,
        };
        let parameters = Parameters::parse(query);
        let trusted = Untrusted::new(&parameters).trust(&client).unwrap();
        trusted.check(&server, Time(1_000)).unwrap()
    }

    #[test]
    fn the_code_is_bound_to_client_address_and_challenge() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let query = format!(
            "client_id=chat&response_type=code&redirect_uri=https://chat.example.com/callback&scope=openid&nonce=n\
             &code_challenge={challenge}&code_challenge_method=S256"
        );
        let (grant, code) = issue(request(&query), &session(), "g".to_owned(), Time(1_000));
        assert_eq!((&*code.grant_id, &*code.client_id), ("g", "chat"));
        assert_eq!(
            code.redirect_uri.as_deref(),
            Some("https://chat.example.com/callback")
        );
        assert_eq!(code.code_challenge.as_deref(), Some(challenge));
        assert_eq!(code.expires_at, Time(1_060));
        assert_eq!(
            (&*grant.id, &*grant.user_id, &*grant.client_id),
            ("g", "ann", "chat")
        );
        assert_eq!(grant.session_id, Some(session().id));
        assert_eq!(
            grant.auth_time,
            session().authenticated_at,
            "unchanged by silent sign-on"
        );
        assert_eq!(grant.nonce.as_deref(), Some("n"));
    }

    #[test]
    fn an_address_that_the_request_left_out_need_not_be_named_later() {
        let request = request("client_id=chat&response_type=code");
        let (_, code) = issue(request, &session(), "g".to_owned(), Time(1_000));
        assert_eq!(code.redirect_uri, None);
    }
}
