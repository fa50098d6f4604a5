//! `/oidc/session/end` — OpenID Connect RP-Initiated Logout.

use axum::{
    Form, Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use protocol::{
    authorize::respond::with_query,
    hint::Hint,
    logout::{Decision, LogoutRequest, decide},
    parameters::Parameters,
    record::Session,
    time::Time,
};
use serde::Deserialize;

use super::answer::see_other;
use crate::{
    app::App,
    csrf,
    error::PageError,
    extract::browser::Browser,
    page::{form_target, logout::SignOutPage, message::Message, show},
    session,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/session/end", get(end).post(repeat_as_get))
        .route("/session/end/confirm", post(confirm))
        .route("/session/end/success", get(success))
}

/// Ends the session, or asks first.
async fn end(
    State(app): State<App>,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let now = app.now();
    let query = query.unwrap_or_default();
    let session = browser.session(&app, now).await?;
    match decided(&app, &browser, session.as_ref(), &query, now).await? {
        Decision::End { redirect } => {
            let address = redirect.unwrap_or_else(|| success_address(&query));
            finish(&app, &browser, session, &address, now).await
        }
        Decision::Ask { redirect } => {
            let about = session.as_ref().map_or("", |session| &session.id);
            let csrf = csrf::token(&browser.tenant.cookie_keys, &["logout", about]);
            let targets = redirect
                .as_deref()
                .and_then(form_target)
                .into_iter()
                .collect();
            Ok(show(SignOutPage {
                csrf,
                request: query,
                targets,
            }))
        }
    }
}

/// What the sign-out page posts.
#[derive(Deserialize)]
struct Confirmed {
    csrf: String,
    /// The query that was asked about.
    #[serde(default)]
    request: String,
}

/// Ends the session after the person said so.
async fn confirm(
    State(app): State<App>,
    browser: Browser,
    Form(form): Form<Confirmed>,
) -> Result<Response, PageError> {
    let now = app.now();
    let session = browser.session(&app, now).await?;
    let about = session.as_ref().map_or("", |session| &session.id);
    csrf::check(
        &browser.tenant.cookie_keys,
        &["logout", about],
        Some(&form.csrf),
    )?;
    let (Decision::End { redirect } | Decision::Ask { redirect }) =
        decided(&app, &browser, session.as_ref(), &form.request, now).await?;
    let address = redirect.unwrap_or_else(|| success_address(&form.request));
    finish(&app, &browser, session, &address, now).await
}

/// Where it is said that it is done, in the language that was asked for.
fn success_address(query: &str) -> String {
    let locales = LogoutRequest::parse(query).ui_locales;
    let fields = Vec::from_iter(locales.map(|locales| ("ui_locales", locales)));
    with_query("/oidc/session/end/success", &fields)
}

/// Says that it is done.
async fn success() -> Response {
    show(Message::SignedOut)
}

/// Reads the request and decides it for this browser's session.
async fn decided(
    app: &App,
    browser: &Browser,
    session: Option<&Session>,
    query: &str,
    now: Time,
) -> Result<Decision, PageError> {
    let tenant = &browser.tenant;
    let request = LogoutRequest::parse(query);
    let hint = request
        .id_token_hint
        .as_ref()
        .and_then(|token| Hint::read(token, &tenant.issuer, &tenant.keys, now));
    let application = request
        .client(hint.as_ref())
        .and_then(|id| tenant.application(id));
    let user = match session {
        Some(session) => store::user::find(app.db(), &tenant.id, &session.user_id).await?,
        None => None,
    };
    let names: Vec<&str> = user
        .iter()
        .flat_map(|user| {
            [
                Some(&user.id),
                user.username.as_ref(),
                user.primary_email.as_ref(),
                user.primary_phone.as_ref(),
            ]
        })
        .flatten()
        .map(String::as_str)
        .collect();
    let client = application.map(|application| &application.client);
    Ok(decide(&request, hint.as_ref(), client, session, &names))
}

/// Ends the session and sends the browser on.
async fn finish(
    app: &App,
    browser: &Browser,
    session: Option<Session>,
    address: &str,
    now: Time,
) -> Result<Response, PageError> {
    if let Some(session) = session {
        let mut tx = app.db().begin().await?;
        session::end(app, &mut tx, &browser.tenant, &session, now).await?;
        tx.commit().await?;
    }
    let cookie = HeaderMap::from_iter([(header::SET_COOKIE, browser.clear_session())]);
    Ok((cookie, see_other(address)).into_response())
}

/// As at the authorization endpoint: our cookies come with GET only.
async fn repeat_as_get(body: Bytes) -> Response {
    let parameters = Parameters::parse(&String::from_utf8_lossy(&body));
    see_other(&format!("/oidc/session/end?{}", parameters.to_query()))
}
