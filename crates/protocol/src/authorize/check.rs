//! Checking an authorization request.
//!
//! Until the client and its redirection address are proven, an error is told to the person on a page; afterwards it is
//! told to the application (RFC 6749 §4.1.2.1). The types keep the two apart: only [`Trusted`] knows an address.

use serde_json::Value;

use super::request::{
    AuthorizationRequest, DirectSignIn, FirstScreen, Hints, ResponseMode, ReturnTo, Subject,
};
use crate::{
    claims,
    client::{ApplicationType, Client},
    error::{ErrorCode, OAuthError},
    hint::Hint,
    jose::KeyRing,
    organization,
    parameters::Parameters,
    pkce,
    prompt::Prompt,
    record::ClaimsRequest,
    redirect_uri, resource,
    scope::ScopeSet,
    time::Time,
};

/// What is known of the server when a request is checked.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Its `iss`.
    pub issuer: &'a str,
    /// Its keys, for `id_token_hint`.
    pub keys: &'a KeyRing,
    /// The API resource assumed when neither the request nor the client names one.
    pub default_resource: Option<&'a str>,
    /// The scopes of an API resource; `None` when nobody registered it. Under [`organization::RESOURCE`]: those of organizations.
    pub scopes_of: &'a (dyn Fn(&str) -> Option<&'a ScopeSet> + Sync),
}

/// A request of which nothing is proven: errors stay on our own page.
#[derive(Clone, Copy, Debug)]
pub struct Untrusted<'a> {
    parameters: &'a Parameters,
}

/// A request whose client and redirection address are proven: errors go there.
#[derive(Clone, Debug)]
pub struct Trusted<'a> {
    parameters: &'a Parameters,
    client: &'a Client,
    return_to: ReturnTo,
    names_redirect_uri: bool,
}

/// An error that the application is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where and how.
    pub return_to: ReturnTo,
    /// What.
    pub error: OAuthError,
}

impl<'a> Untrusted<'a> {
    /// Begins.
    pub const fn new(parameters: &'a Parameters) -> Self {
        Self { parameters }
    }

    /// `client_id`, by which the caller finds the client.
    pub fn client_id(&self) -> Result<&'a str, OAuthError> {
        self.parameters
            .one("client_id")?
            .ok_or_else(|| OAuthError::invalid_request("client_id is missing"))
    }

    /// Proves the redirection address: registered, or left out where exactly one is registered (RFC 6749 §3.1.2.3).
    pub fn trust(self, client: &'a Client) -> Result<Trusted<'a>, OAuthError> {
        let named = self.parameters.one("redirect_uri")?;
        let redirect_uri = match named {
            Some(uri) if redirect_uri::is_registered(client, uri) => uri,
            Some(_) => {
                return Err(OAuthError::invalid_request(
                    "redirect_uri is not registered for this client",
                ));
            }
            None => self.only_redirect_uri(client)?,
        };
        Ok(Trusted {
            parameters: self.parameters,
            client,
            return_to: ReturnTo {
                redirect_uri: redirect_uri.to_owned(),
                response_mode: self.response_mode(),
                state: self.parameters.lenient("state").map(str::to_owned),
            },
            names_redirect_uri: named.is_some(),
        })
    }

    fn only_redirect_uri(self, client: &'a Client) -> Result<&'a str, OAuthError> {
        // A request object may hold another address, so there is none to rely on (Core §6.1).
        check_request_object(self.parameters)?;
        match &*client.redirect_uris {
            [only] if !only.contains('*') => Ok(only),
            _ => Err(OAuthError::invalid_request("redirect_uri is missing")),
        }
    }

    /// The mode in which even an error about the mode is answered.
    fn response_mode(self) -> ResponseMode {
        let asked = self.parameters.lenient("response_mode");
        asked.and_then(ResponseMode::parse).unwrap_or_else(|| {
            let response_type = self.parameters.lenient("response_type");
            let in_front = response_type.is_some_and(|types| {
                types
                    .split(' ')
                    .any(|word| matches!(word, "token" | "id_token"))
            });
            if in_front {
                ResponseMode::Fragment
            } else {
                ResponseMode::Query
            }
        })
    }
}

impl Trusted<'_> {
    /// Where errors go from now on.
    pub const fn return_to(&self) -> &ReturnTo {
        &self.return_to
    }

    /// Checks everything else.
    pub fn check(self, server: &Server<'_>, now: Time) -> Result<AuthorizationRequest, Refused> {
        self.read(server, now).map_err(|error| Refused {
            return_to: self.return_to,
            error,
        })
    }

    fn read(&self, server: &Server<'_>, now: Time) -> Result<AuthorizationRequest, OAuthError> {
        let parameters = self.parameters;
        let text = |name| Ok(parameters.one(name)?.map(str::to_owned));
        if self.client.kind == ApplicationType::MachineToMachine || self.client.is_device_flow {
            return Err(OAuthError::new(
                ErrorCode::UnauthorizedClient,
                "the application may not sign people in here",
            ));
        }
        parameters.one("state")?;
        check_request_object(parameters)?;
        check_response(parameters)?;
        let code_challenge = code_challenge(parameters, self.client)?;
        let prompt = Prompt::parse(parameters.one("prompt")?.unwrap_or_default())?;
        let resources = resources(parameters, server, self.client)?;
        let (claims, claimed_subject) = match parameters.one("claims")? {
            Some(json) => claims_request(json)?,
            None => (None, None),
        };
        Ok(AuthorizationRequest {
            client_id: self.client.id.clone(),
            return_to: self.return_to.clone(),
            names_redirect_uri: self.names_redirect_uri,
            scope: scope(parameters, &resources, server, self.client)?,
            resources,
            nonce: text("nonce")?,
            code_challenge,
            prompt,
            max_age: max_age(parameters)?,
            subject: subject(parameters, claimed_subject, server, now)?,
            claims,
            hints: Hints {
                first_screen: FirstScreen::read(parameters, prompt),
                direct_sign_in: parameters
                    .lenient("direct_sign_in")
                    .and_then(DirectSignIn::parse),
                login_hint: text("login_hint")?,
                ui_locales: text("ui_locales")?,
                identifier: identifiers(parameters),
                one_time_token: text("one_time_token")?,
                organization_id: text("organization_id")?,
            },
        })
    }
}

/// Request objects are neither read nor fetched (Core §6; T09). A pushed request was put in the place of its `request_uri` before.
pub(super) fn check_request_object(parameters: &Parameters) -> Result<(), OAuthError> {
    if parameters.all("request").next().is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestNotSupported,
            "request objects are not supported",
        ));
    }
    if parameters.all("request_uri").next().is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestUriNotSupported,
            "request objects by reference are not supported",
        ));
    }
    if parameters.all("registration").next().is_some() {
        return Err(OAuthError::new(
            ErrorCode::RegistrationNotSupported,
            "registration by the request is not supported",
        ));
    }
    Ok(())
}

fn check_response(parameters: &Parameters) -> Result<(), OAuthError> {
    if let Some(mode) = parameters.one("response_mode")?
        && ResponseMode::parse(mode).is_none()
    {
        return Err(OAuthError::invalid_request(
            "response_mode must be query, fragment or form_post",
        ));
    }
    match parameters.one("response_type")? {
        Some("code") => Ok(()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::UnsupportedResponseType,
            "response_type must be code",
        )),
        None => Err(OAuthError::invalid_request("response_type is missing")),
    }
}

/// RFC 7636 §4.4.1; the method must be named, since leaving it out means plain (§4.3).
fn code_challenge(parameters: &Parameters, client: &Client) -> Result<Option<String>, OAuthError> {
    let method = parameters.one("code_challenge_method")?;
    let Some(challenge) = parameters.one("code_challenge")? else {
        if client.kind.is_public() {
            return Err(OAuthError::invalid_request(
                "this client must use PKCE: code_challenge is missing",
            ));
        }
        return match method {
            None => Ok(None),
            Some(_) => Err(OAuthError::invalid_request(
                "code_challenge_method needs a code_challenge",
            )),
        };
    };
    if method != Some("S256") {
        return Err(OAuthError::invalid_request(
            "code_challenge_method must be S256",
        ));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::invalid_request(
            "code_challenge must be a SHA-256 in base64url, 43 characters",
        ));
    }
    Ok(Some(challenge.to_owned()))
}

pub(super) fn resources(
    parameters: &Parameters,
    server: &Server<'_>,
    client: &Client,
) -> Result<Vec<String>, OAuthError> {
    let named = parameters.all("resource").chain(parameters.all("audience"));
    let mut resources = resource::indicators(named, server.issuer);
    resources.retain(|indicator| indicator != organization::RESOURCE);
    if resources
        .iter()
        .any(|indicator| (server.scopes_of)(indicator).is_none())
    {
        return Err(resource::unknown());
    }
    if resources.is_empty() {
        let default = client
            .default_resource
            .as_deref()
            .or(server.default_resource);
        resources.extend(default.map(str::to_owned));
    }
    Ok(resources)
}

/// Keeps the scopes about the person, those of the resources, and those of organizations where tokens for them are asked for. Others are
/// dropped, as RFC 6749 §3.3 permits.
///
/// A third-party application never gets the Management API's, and one that asks for more about the person than it was
/// allowed is refused (T39).
pub(super) fn scope(
    parameters: &Parameters,
    resources: &[String],
    server: &Server<'_>,
    client: &Client,
) -> Result<ScopeSet, OAuthError> {
    let asked = ScopeSet::parse(parameters.one("scope")?.unwrap_or_default());
    if let Some(scope) = asked.iter().find(|scope| !client.may_ask_for(scope)) {
        return Err(OAuthError::new(
            ErrorCode::InvalidScope,
            format!("this third-party application may not ask for the scope {scope}"),
        ));
    }
    let of_resources = |scope: &str| {
        resources
            .iter()
            .filter(|indicator| !(client.is_third_party && resource::is_management(indicator)))
            .filter_map(|indicator| (server.scopes_of)(indicator))
            .any(|scopes| scopes.contains(scope))
    };
    let of_organizations = |scope: &str| {
        let wanted = asked.contains(organization::SCOPE);
        let scopes = (server.scopes_of)(organization::RESOURCE);
        wanted && scopes.is_some_and(|scopes| scopes.contains(scope))
    };
    Ok(asked.filtered(|scope| {
        claims::is_identity_scope(scope) || of_resources(scope) || of_organizations(scope)
    }))
}

pub(super) fn max_age(parameters: &Parameters) -> Result<Option<i64>, OAuthError> {
    let Some(text) = parameters.one("max_age")? else {
        return Ok(None);
    };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(seconds)),
        _ => Err(OAuthError::invalid_request(
            "max_age must be a number of seconds",
        )),
    }
}

fn subject(
    parameters: &Parameters,
    claimed: Option<String>,
    server: &Server<'_>,
    now: Time,
) -> Result<Subject, OAuthError> {
    if let Some(claimed) = claimed {
        return Ok(Subject::Only(claimed));
    }
    Ok(match parameters.one("id_token_hint")? {
        None | Some("None" | "null" | "undefined") => Subject::Anyone,
        Some(token) => match Hint::read(token, server.issuer, server.keys, now) {
            Some(hint) => Subject::Only(hint.subject),
            None => Subject::Unknown,
        },
    })
}

fn identifiers(parameters: &Parameters) -> Vec<String> {
    let words = parameters.lenient("identifier").unwrap_or_default();
    let words: Vec<_> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let known = words
        .iter()
        .all(|word| matches!(*word, "username" | "email" | "phone"));
    if known {
        words.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// Reads the `claims` parameter (Core §5.5): the names asked for, and the `sub` it demands.
pub(super) fn claims_request(
    json: &str,
) -> Result<(Option<ClaimsRequest>, Option<String>), OAuthError> {
    const LONGEST: usize = 8 * 1024;
    const MOST: usize = 100;
    let malformed = || OAuthError::invalid_request("claims is not an object of claim requests");
    if json.len() > LONGEST {
        return Err(OAuthError::invalid_request("claims is too long"));
    }
    let value: Value = serde_json::from_str(json).map_err(|_| malformed())?;
    let members = value.as_object().ok_or_else(malformed)?;
    let names = |place: &str| match members.get(place) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(claims)) if claims.len() <= MOST => {
            let well_formed = claims
                .values()
                .all(|request| request.is_null() || request.is_object());
            if well_formed {
                Ok(claims.keys().cloned().collect())
            } else {
                Err(malformed())
            }
        }
        Some(_) => Err(malformed()),
    };
    let request = ClaimsRequest {
        userinfo: names("userinfo")?,
        id_token: names("id_token")?,
    };
    let subject = value.pointer("/id_token/sub/value").and_then(Value::as_str);
    Ok((Some(request), subject.map(str::to_owned)))
}

#[cfg(test)]
mod tests;
