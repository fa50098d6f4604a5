//! `GET|POST /oidc/auth` — RFC 6749 §3.1, OpenID Connect Core §3.1.2.

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
    routing::get,
};
use protocol::{
    authorize::{
        check::{Server, Untrusted},
        decide::Progress,
        respond,
    },
    error::OAuthError,
    par,
    parameters::Parameters,
    scope::ScopeSet,
    time::Time,
};

use super::{
    answer::{see_other, send},
    step::{Underway, next},
};
use crate::{
    app::App, cimd, error::PageError, extract::browser::Browser, interaction::Interaction,
    tenant::Tenant,
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/auth", get(authorize).post(repeat_as_get))
}

/// Begins an authorization: checks the request, then takes its first step.
async fn authorize(
    State(app): State<App>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let now = app.now();
    let sent = Parameters::parse(&query.unwrap_or_default());
    let (parameters, pushed) = expand(&app, &browser.tenant, sent, now).await?;
    let tenant = &browser.tenant;
    let untrusted = Untrusted::new(&parameters);
    let application = cimd::application(&app, tenant, untrusted.client_id()?)
        .await?
        .ok_or_else(|| OAuthError::invalid_client("client_id is unknown"))?;
    let trusted = untrusted.trust(&application.client)?;
    let scopes_of = |indicator: &str| tenant.scopes_for(&application, indicator);
    match trusted.check(&server(tenant, &scopes_of), now) {
        Ok(request) => {
            let interaction = Interaction {
                request,
                progress: Progress::default(),
                pushed,
                social: None,
                device: None,
                organization: None,
            };
            next(
                &app,
                Underway::New {
                    browser,
                    interaction,
                },
                now,
            )
            .await
        }
        Err(refused) => Ok(send(respond::error(
            &refused.return_to,
            &refused.error,
            &tenant.issuer,
        ))),
    }
}

/// What the rules know of the server.
pub(super) fn server<'a>(
    tenant: &'a Tenant,
    scopes_of: &'a (dyn Fn(&str) -> Option<&'a ScopeSet> + Sync),
) -> Server<'a> {
    Server {
        issuer: &tenant.issuer,
        keys: &tenant.keys,
        default_resource: tenant.default_resource(),
        scopes_of,
    }
}

/// Puts a pushed request in the place of its `request_uri`, and gives its hash. It is used up when the code is issued, so that
/// loading the page again does no harm.
async fn expand(
    app: &App,
    tenant: &Tenant,
    sent: Parameters,
    now: Time,
) -> Result<(Parameters, Option<String>), PageError> {
    let Some(reference) = par::reference(&sent) else {
        return Ok((sent, None));
    };
    let hash = reference.hash();
    let row = store::pushed_request::peek(app.db(), &tenant.id, &hash, now).await?;
    let found = row.and_then(|row| {
        let parameters = serde_json::from_str(&row.parameters).ok()?;
        Some(par::Pushed {
            client_id: row.client_id,
            parameters,
        })
    });
    Ok((par::expand(&sent, found)?, Some(hash)))
}

/// A form posted from an application's page comes without our cookies, which are SameSite=Lax; the same request by GET has them.
async fn repeat_as_get(body: Bytes) -> Response {
    let parameters = Parameters::parse(&String::from_utf8_lossy(&body));
    see_other(&format!("/oidc/auth?{}", parameters.to_query()))
}
