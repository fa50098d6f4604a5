//! The device authorization request (RFC 8628 §3.1): an authorization request that a device without a browser sends itself.

use super::{
    check::{Server, check_request_object, claims_request, max_age, resources, scope},
    request::{AuthorizationRequest, Hints, ResponseMode, ReturnTo, Subject},
};
use crate::{
    client::Client, error::OAuthError, grant::GrantType, parameters::Parameters, prompt::Prompt,
};

/// Checks the request of a client that is proven. Nobody is sent back anywhere: the device asks for its answer.
///
/// # Errors
/// `unauthorized_client` for applications that are no devices, and what the authorization endpoint refuses as well.
pub fn check(
    parameters: &Parameters,
    client: &Client,
    server: &Server<'_>,
) -> Result<AuthorizationRequest, OAuthError> {
    GrantType::DeviceCode.check(client)?;
    check_request_object(parameters)?;
    let prompt = Prompt::parse(parameters.one("prompt")?.unwrap_or_default())?;
    if prompt.none {
        let description = "a device cannot be answered without asking: prompt is none";
        return Err(OAuthError::invalid_request(description));
    }
    let resources = resources(parameters, server, client)?;
    let (claims, claimed_subject) = match parameters.one("claims")? {
        Some(json) => claims_request(json)?,
        None => (None, None),
    };
    let text = |name| Ok::<_, OAuthError>(parameters.one(name)?.map(str::to_owned));
    Ok(AuthorizationRequest {
        client_id: client.id.clone(),
        return_to: ReturnTo {
            redirect_uri: String::new(),
            response_mode: ResponseMode::Query,
            state: None,
        },
        names_redirect_uri: false,
        scope: scope(parameters, &resources, server, client)?,
        resources,
        nonce: text("nonce")?,
        code_challenge: None,
        prompt,
        max_age: max_age(parameters)?,
        subject: claimed_subject.map_or(Subject::Anyone, Subject::Only),
        claims,
        hints: Hints {
            login_hint: text("login_hint")?,
            ui_locales: text("ui_locales")?,
            organization_id: text("organization_id")?,
            ..Hints::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{
        authorize::{check::Server, request::AuthorizationRequest},
        client::{
            ApplicationType::{Native, Traditional},
            Client,
        },
        error::ErrorCode,
        jose::KeyRing,
        parameters::Parameters,
        samples::client,
        scope::ScopeSet,
    };

    fn device() -> Client {
        Client {
            is_device_flow: true,
            ..client(Native)
        }
    }

    fn checked(client: &Client, query: &str) -> Result<AuthorizationRequest, ErrorCode> {
        let api = ScopeSet::parse("read write");
        let scopes_of = |indicator: &str| (indicator == "https://api").then_some(&api);
        let server = Server {
            issuer: "https://id.example.com/oidc",
            keys: &KeyRing::new(vec![]),
            default_resource: None,
            scopes_of: &scopes_of,
        };
        check(&Parameters::parse(query), client, &server).map_err(|refused| refused.code)
    }

    #[test]
    fn scope_and_resource_are_those_of_an_authorization_request() {
        let query = "client_id=chat&scope=openid+read+nothing+offline_access&resource=https://api";
        let request = checked(&device(), query).unwrap();
        assert_eq!(request.scope.to_string(), "openid read offline_access");
        assert_eq!(request.resources, ["https://api"]);
        assert_eq!(request.return_to.redirect_uri, "");
        assert_eq!(request.code_challenge, None);
    }

    #[test]
    fn what_a_device_may_not_ask_for() {
        for (query, code) in [
            ("resource=https://nowhere", ErrorCode::InvalidTarget),
            ("prompt=none", ErrorCode::InvalidRequest),
            ("prompt=jump", ErrorCode::InvalidRequest),
            ("max_age=soon", ErrorCode::InvalidRequest),
            ("scope=a&scope=b", ErrorCode::InvalidRequest),
            ("request=x", ErrorCode::RequestNotSupported),
            ("request_uri=x", ErrorCode::RequestUriNotSupported),
        ] {
            assert_eq!(checked(&device(), query), Err(code), "{query}");
        }
    }

    #[test]
    fn only_devices_may_ask() {
        for kind in [Native, Traditional] {
            let refused = checked(&client(kind), "scope=openid");
            assert_eq!(refused, Err(ErrorCode::UnauthorizedClient), "{kind:?}");
        }
    }
}
