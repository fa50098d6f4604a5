//! `GET /api/saml-applications/{id}/callback`: where the authorization for a SAML application ends, and its answer begins (SAML Profiles
//! §4.1.4).

use std::sync::Arc;

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::{
    claims::{self, Place},
    jose::SigningKey,
    parameters::Parameters,
    saml::{
        certificate,
        encryption::Seal,
        response::{Answer, Authenticated, NotWritten, Protection},
        signature::Signer,
    },
    secret::Secret,
    time::Time,
};
use serde::Deserialize;
use store::saml_session::{self, SamlSession};
use utoipa::IntoParams;
use zeroize::Zeroizing;

use super::{
    browser::Bound,
    party::{self, Party, callback_address},
    reader::Reader,
};
use crate::{
    app::App,
    audit::{self, Entry},
    error::{ApiError, Failure},
    extract::{browser::Browser, client::ClientRequest},
    oidc::{self, subject::Subject},
    operation::Refused,
    page::{form_post::FormPostPage, show},
    tenant::Tenant,
};

/// How an authorization ended.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read as parameters; this is for the document")]
pub(super) struct Ended {
    /// The authorization code.
    code: Option<String>,
    /// The request's state.
    state: Option<String>,
    /// This address, where it is named.
    #[serde(rename = "redirectUri")]
    redirect_uri: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    error_description: Option<String>,
}

/// Answers a service provider: a page with a form that goes there at once, or by its button.
#[utoipa::path(
    get,
    path = "/saml-applications/{id}/callback",
    operation_id = "GetSamlApplicationCallback",
    tag = "SAML",
    params(("id" = String, Path), Ended),
    security(()),
    responses((status = 200, body = String, content_type = "text/html"))
)]
pub(super) async fn callback(
    State(app): State<App>,
    browser: Browser,
    reader: Reader,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let sent = Parameters::parse(&query.unwrap_or_default());
    let bound = Bound::read(&headers, &browser);
    let tenant = &browser.tenant;
    let answered = async {
        let party = party::find(&app, tenant, &id).await?;
        let answered = answer(&app, tenant, bound, &party, &sent).await;
        let entry = Entry::new(&app, tenant, "SamlApplication.Callback").application(&id);
        let entry = match &answered {
            Ok(_) => entry,
            Err(error) => entry.refused(error),
        };
        app.audit().record(entry.parameters(sent)).await;
        answered
    };
    reader.told(answered.await)
}

async fn answer(
    app: &App,
    tenant: &Arc<Tenant>,
    bound: Option<Bound>,
    party: &Party,
    sent: &Parameters,
) -> Result<Response, ApiError> {
    let now = app.now();
    let (code, error) = (sent.one("code")?, sent.one("error")?);
    if code.is_some() == error.is_some() {
        return Err(Refused::new("guard.invalid_input", "Either code or error is needed.").into());
    }
    let id = &party.application.client.id;
    let address = callback_address(&tenant.endpoint, id);
    let named = sent.one("redirectUri")?;
    if named.is_some_and(|named| named != address) {
        let message = "redirectUri is not the address of this application.";
        return Err(Refused::new("oidc.invalid_redirect_uri", message).into());
    }
    let (session, verifier) = take(app, &tenant.id, id, bound, sent, now).await?;
    let Some(code) = code else {
        let why = error.unwrap_or_default();
        if why == "login_required" && session.is_passive {
            return no_passive(app, &tenant.id, party, &session, now).await;
        }
        let told = sent.lenient("error_description").unwrap_or(why);
        return Err(refusal(why, told).into());
    };
    let parameters = Parameters::default()
        .with("code", code)
        .with("redirect_uri", address)
        .with("code_verifier", verifier.reveal());
    let request = ClientRequest {
        tenant: Arc::clone(tenant),
        application: Arc::clone(&party.application),
        parameters,
    };
    let subject = oidc::redeem(app, &request).await?;
    audit::about(&subject.user.id, subject.grant.session_id.as_deref());
    success(app, &tenant.id, party, &session, &subject, now).await
}

/// The request that is answered, which nobody can answer again, and the verifier of its code.
async fn take(
    app: &App,
    tenant_id: &str,
    id: &str,
    bound: Option<Bound>,
    sent: &Parameters,
    now: Time,
) -> Result<(SamlSession, Secret), ApiError> {
    let state = sent.one("state")?.map(Secret::new);
    let state = state.ok_or_else(|| {
        let message = "state is missing.";
        Refused::new("application.saml.state_mismatch", message)
    })?;
    let bound = bound.ok_or_else(|| {
        let code = "application.saml.sp_initiated_saml_sso_session_not_found_in_cookies";
        Refused::new(code, "The sign-in was not begun in this browser.")
    })?;
    let mut tx = app.db().begin().await?;
    let found =
        saml_session::take(&mut tx, tenant_id, id, &state.hash(), &bound.hash(), now).await?;
    tx.commit().await?;
    let session = found.ok_or_else(|| {
        let code = "application.saml.sp_initiated_saml_sso_session_not_found";
        Refused::new(
            code,
            "The sign-in is over, or was begun in another browser.",
        )
    })?;
    Ok((session, bound.verifier(&state)))
}

/// What the authorization endpoint said, as this API says it.
fn refusal(error: &str, description: &str) -> Refused {
    let code = match error {
        "access_denied" => "oidc.access_denied",
        "login_required" => "oidc.login_required",
        "consent_required" => "oidc.consent_required",
        "invalid_scope" => "oidc.invalid_scope",
        "server_error" => "oidc.server_error",
        _ => "oidc.invalid_request",
    };
    Refused::new(code, description).status(400)
}

/// The answer that tells who signed in.
async fn success(
    app: &App,
    tenant_id: &str,
    party: &Party,
    session: &SamlSession,
    subject: &Subject,
    now: Time,
) -> Result<Response, ApiError> {
    let Party {
        application,
        provider,
        ..
    } = party;
    let (client, grant) = (&application.client, &subject.grant);
    let person = subject.claims(&mut app.db(), tenant_id, client).await?;
    let told = claims::select(&person, &grant.scope, &[], client, Place::Userinfo);
    let user_id = &subject.user.id;
    let drawn = app.random_id(21);
    let authenticated = Authenticated {
        assertion_id: &format!("_{}", app.random_id(32)),
        audience: provider.audience()?,
        name_id: provider.name_id_format.name(user_id, &told, &drawn)?,
        attributes: provider.attributes(user_id, &told),
        authenticated_at: grant.auth_time,
        amr: subject.amr(),
        session_index: &format!("_{}", grant.id),
    };
    let encryption = provider.encryption.as_ref().and_then(|one| one.wanted());
    let (key, certificate) = signing_key(app, tenant_id, &client.id).await?;
    let protection = Protection {
        signer: Signer {
            key: &key,
            certificate: &certificate,
        },
        seal: encryption.map(|(certificate, _)| Seal {
            certificate,
            key: Zeroizing::new(app.random_bytes()),
            nonce: app.random_bytes(),
        }),
        signs_answer: encryption.is_none_or(|(_, sign_after)| sign_after),
    };
    let id = format!("_{}", app.random_id(32));
    let written = to(&id, party, session)?.success(&authenticated, protection, now);
    form(party, session, written)
}

/// The answer that says that somebody would have to sign in, and may not be asked to.
async fn no_passive(
    app: &App,
    tenant_id: &str,
    party: &Party,
    session: &SamlSession,
    now: Time,
) -> Result<Response, ApiError> {
    let (key, certificate) = signing_key(app, tenant_id, &session.application_id).await?;
    let signer = Signer {
        key: &key,
        certificate: &certificate,
    };
    let id = format!("_{}", app.random_id(32));
    let written = to(&id, party, session)?.no_passive(signer, now);
    form(party, session, written)
}

fn to<'a>(id: &'a str, party: &'a Party, session: &'a SamlSession) -> Result<Answer<'a>, Refused> {
    Ok(Answer {
        id,
        issuer: &party.idp_entity_id,
        acs_url: party.provider.acs_url()?,
        in_response_to: &session.request_id,
    })
}

/// The active key of an application and its certificate.
async fn signing_key(
    app: &App,
    tenant_id: &str,
    id: &str,
) -> Result<(SigningKey, Vec<u8>), ApiError> {
    let found = store::saml_application_secret::active(app.db(), app.vault(), tenant_id, id);
    let found = found.await?.ok_or_else(party::no_active_secret)?;
    let key = SigningKey::from_der(&found.private_key).map_err(Failure::internal)?;
    let certificate = certificate::from_pem(&found.certificate)
        .ok_or_else(|| Failure::internal("a stored certificate cannot be read"))?;
    Ok((key, certificate))
}

/// The page that brings the answer to the service provider (Bindings §3.5).
fn form(
    party: &Party,
    session: &SamlSession,
    written: Result<String, NotWritten>,
) -> Result<Response, ApiError> {
    let xml = written.map_err(Failure::internal)?;
    let mut fields = vec![("SAMLResponse", STANDARD.encode(xml))];
    fields.extend(session.relay_state.clone().map(|text| ("RelayState", text)));
    Ok(show(FormPostPage {
        action: party.provider.acs_url()?.to_owned(),
        fields,
        leads_on: true,
    }))
}
