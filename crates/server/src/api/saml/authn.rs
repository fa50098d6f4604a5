//! `GET` and `POST /api/saml/{id}/authn`: a service provider asks who somebody is (SAML Profiles §4.1.2).

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{
    parameters::Parameters,
    saml::{
        binding,
        request::{AuthnRequest, Registered},
    },
    time::Time,
};
use serde::Deserialize;
use store::saml_session::{self, SamlSession};
use utoipa::{IntoParams, ToSchema};

use super::{
    browser::{Bound, LIFE},
    party::{self, Party, callback_address},
    reader::Reader,
};
use crate::{
    app::App,
    audit::Entry,
    error::{ApiError, Failure},
    extract::{body::Body, browser::Browser},
    operation::Refused,
};

/// The longest text that is given back with an answer, in bytes. SAML Bindings §3.4.3 allows 80, and many take more.
const LONGEST_RELAY_STATE: usize = 4096;

/// A request, compressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read as parameters; this is for the document")]
pub(super) struct Redirected {
    /// The request, by DEFLATE and in base64.
    #[serde(rename = "SAMLRequest")]
    saml_request: String,
    /// What is given back with the answer.
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
    /// Not looked at.
    #[serde(rename = "SigAlg")]
    sig_alg: Option<String>,
    /// Not looked at: a request decides nothing that a stranger could gain by.
    #[serde(rename = "Signature")]
    signature: Option<String>,
}

/// A request in a form.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlRequest)]
#[expect(dead_code, reason = "read as parameters; this is for the document")]
pub(super) struct Posted {
    /// The request, in base64.
    #[serde(rename = "SAMLRequest")]
    saml_request: String,
    /// What is given back with the answer.
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

/// Takes a request by the HTTP-Redirect binding and has the person sign in.
#[utoipa::path(
    get,
    path = "/saml/{id}/authn",
    operation_id = "GetSamlAuthn",
    tag = "SAML",
    params(("id" = String, Path), Redirected),
    security(()),
    responses((status = 302, description = "To the sign-in."))
)]
pub(super) async fn by_redirect(
    State(app): State<App>,
    browser: Browser,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let sent = Parameters::parse(&query.unwrap_or_default());
    let asked = async {
        let party = party::find(&app, &browser.tenant, &id).await?;
        let begun = begin(&app, &browser, &headers, &party, &sent).await;
        record(&app, &browser, &id, sent, begun.as_ref().err()).await;
        begun
    };
    reader.told(asked.await)
}

/// Takes a request by the HTTP-POST binding. A form from another site comes without our cookies, so it is checked, and then repeated as a
/// query.
#[utoipa::path(
    post,
    path = "/saml/{id}/authn",
    operation_id = "CreateSamlAuthn",
    tag = "SAML",
    params(("id" = String, Path)),
    security(()),
    request_body(content = Posted, content_type = "application/x-www-form-urlencoded"),
    responses((status = 302, description = "To the sign-in."))
)]
pub(super) async fn by_post(
    State(app): State<App>,
    browser: Browser,
    reader: Reader,
    Path(id): Path<String>,
    body: Result<Body, crate::error::OidcError>,
) -> Response {
    let asked = async {
        let party = party::find(&app, &browser.tenant, &id).await?;
        let Body(sent) = body.map_err(ApiError::from)?;
        let repeated = repeat(&party, &sent, app.now());
        if let Err(refused) = &repeated {
            record(&app, &browser, &id, sent, Some(refused)).await;
        }
        repeated
    };
    reader.told(asked.await)
}

/// The request in a form as the same request in a query.
fn repeat(party: &Party, sent: &Parameters, now: Time) -> Result<Response, ApiError> {
    let xml = binding::post(saml_request(sent)?)?;
    read(party, &xml, now)?;
    let query = Parameters::default().with("SAMLRequest", binding::packed(&xml));
    let query = match relay_state(sent)? {
        Some(text) => query.with("RelayState", text),
        None => query,
    };
    found(&format!("{}?{}", party.sso_url, query.to_query()), None)
}

/// Checks a request, remembers it, and goes to the authorization that answers it.
async fn begin(
    app: &App,
    browser: &Browser,
    headers: &HeaderMap,
    party: &Party,
    sent: &Parameters,
) -> Result<Response, ApiError> {
    let now = app.now();
    let tenant = &browser.tenant;
    let request = read(party, &binding::redirect(saml_request(sent)?)?, now)?;
    let bound = Bound::read_or_new(app, headers, browser);
    let state = app.random_secret();
    let session = SamlSession {
        application_id: party.application.client.id.clone(),
        request_id: request.id.clone(),
        relay_state: relay_state(sent)?.map(str::to_owned),
        is_passive: request.is_passive,
        created_at: now,
        expires_at: now.plus(LIFE),
    };
    let mut tx = app.db().begin().await?;
    let (state_hash, browser_hash) = (state.hash(), bound.hash());
    saml_session::insert(&mut tx, &tenant.id, &state_hash, &browser_hash, &session).await?;
    tx.commit().await?;

    let id = session.application_id;
    let query = Parameters::default()
        .with("client_id", &id)
        .with("redirect_uri", callback_address(&tenant.endpoint, &id))
        .with("response_type", "code")
        .with("scope", party.provider.scope().to_string())
        .with("state", state.reveal())
        .with("code_challenge", bound.verifier(&state).hash())
        .with("code_challenge_method", "S256");
    let query = match (request.is_passive, request.force_authn) {
        (false, _) => query.with("prompt", "login"),
        (true, false) => query.with("prompt", "none"),
        // Nobody can prove anew who they are without noticing: this ends with `login_required`.
        (true, true) => query.with("prompt", "none").with("max_age", "0"),
    };
    let address = format!("{}/auth?{}", tenant.issuer, query.to_query());
    found(&address, Some(bound.keep(browser)))
}

fn read(party: &Party, xml: &str, now: Time) -> Result<AuthnRequest, Refused> {
    let registered = Registered {
        sso_url: &party.sso_url,
        entity_id: party.provider.audience()?,
        acs_url: party.provider.acs_url()?,
    };
    let request = AuthnRequest::read(xml)?;
    request.check(&registered, now)?;
    Ok(request)
}

fn saml_request(sent: &Parameters) -> Result<&str, Refused> {
    let text = sent.one("SAMLRequest")?;
    text.ok_or_else(|| Refused::new("guard.invalid_input", "SAMLRequest is missing."))
}

fn relay_state(sent: &Parameters) -> Result<Option<&str>, Refused> {
    let text = sent.one("RelayState")?;
    if text.is_some_and(|text| text.len() > LONGEST_RELAY_STATE) {
        let message = format!("RelayState has more than {LONGEST_RELAY_STATE} bytes.");
        return Err(Refused::new("guard.invalid_input", message));
    }
    Ok(text)
}

/// 302 to `address`.
fn found(address: &str, cookie: Option<HeaderValue>) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(address).map_err(Failure::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cookie.map(|cookie| headers.insert(header::SET_COOKIE, cookie));
    Ok((StatusCode::FOUND, headers).into_response())
}

async fn record(
    app: &App,
    browser: &Browser,
    id: &str,
    sent: Parameters,
    refused: Option<&ApiError>,
) {
    let entry = Entry::new(app, &browser.tenant, "SamlApplication.AuthnRequest")
        .application(id)
        .parameters(sent);
    let entry = match refused {
        None => entry,
        Some(error) => entry.refused(error),
    };
    app.audit().record(entry).await;
}
