//! `/device-demo-app` — the same for devices: an application that has no browser of its own (RFC 8628).
//!
//! The page plays the device: it shows a code, and asks for tokens each time it is loaded, which it is every few seconds
//! without any script.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SCOPE, Tokens, forget, person, post_form, recall, remember, token, userinfo};
use crate::{
    app::App,
    builtin::DEVICE_DEMO_APP,
    error::{Failure, PageError},
    extract::browser::Browser,
    page::{
        device_demo_app::{DeviceDemoAppPage, Waiting},
        show,
    },
    qr,
};

const COOKIE: &str = "_device_demo_app";
const HOME: &str = "/device-demo-app";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(super) fn router() -> Router<App> {
    Router::new()
        .route(HOME, get(home))
        .route("/device-demo-app/start", post(start))
        .route("/device-demo-app/refresh", post(refresh))
        .route("/device-demo-app/forget", post(start_over))
}

#[derive(Debug, Serialize, Deserialize)]
enum Memory {
    Waiting(Started),
    Tokens(Tokens),
}

/// An answer of the device authorization endpoint (RFC 8628 §3.2).
#[derive(Debug, Serialize, Deserialize)]
struct Started {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    interval: u32,
}

/// Shows what it has, after it has asked for tokens where it waits for some.
async fn home(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if !browser.tenant.applications.contains_key(DEVICE_DEMO_APP) {
        return Err(PageError::NotFound);
    }
    match recall(&app, &browser, &headers, COOKIE) {
        None => Ok(show(DeviceDemoAppPage::default())),
        Some(Memory::Waiting(started)) => ask(&app, &browser, started).await,
        Some(Memory::Tokens(tokens)) => {
            let userinfo = userinfo(&app, &browser, &tokens.access_token).await;
            Ok(show(DeviceDemoAppPage {
                person: Some(person(&tokens, &userinfo)),
                ..DeviceDemoAppPage::default()
            }))
        }
    }
}

/// Asks for the tokens (RFC 8628 §3.4).
async fn ask(app: &App, browser: &Browser, started: Started) -> Result<Response, PageError> {
    let form = [
        ("grant_type", GRANT),
        ("client_id", DEVICE_DEMO_APP),
        ("device_code", &started.device_code),
    ];
    let said = match token(app, browser, &form).await {
        Ok(tokens) => return keep(app, browser, &Memory::Tokens(tokens)),
        Err(said) => said,
    };
    let error: Value = serde_json::from_str(&said).unwrap_or_default();
    match error.get("error").and_then(Value::as_str) {
        Some("authorization_pending" | "slow_down") => {
            let picture = qr::picture(&started.verification_uri_complete);
            let waiting = Waiting {
                user_code: started.user_code,
                address: started.verification_uri,
                complete: started.verification_uri_complete,
                picture: picture.map_err(Failure::internal)?,
                // Not before the answer may be another one.
                seconds: started.interval.saturating_add(1),
            };
            Ok(show(DeviceDemoAppPage {
                waiting: Some(waiting),
                ..DeviceDemoAppPage::default()
            }))
        }
        Some("expired_token" | "access_denied") => Ok(ended(browser, |page| page.is_over = true)),
        _ => Ok(ended(browser, |page| page.problem = Some(said))),
    }
}

/// Shows how it ended, and forgets it.
fn ended(browser: &Browser, how: impl FnOnce(&mut DeviceDemoAppPage)) -> Response {
    let mut page = DeviceDemoAppPage::default();
    how(&mut page);
    ([(header::SET_COOKIE, forget(browser, COOKIE))], show(page)).into_response()
}

/// Gets a code (RFC 8628 §3.1).
async fn start(State(app): State<App>, browser: Browser) -> Result<Response, PageError> {
    let form = [("client_id", DEVICE_DEMO_APP), ("scope", SCOPE)];
    match post_form(&app, &browser, "/oidc/device/auth", &form).await {
        Ok(started) => keep(&app, &browser, &Memory::Waiting(started)),
        Err(said) => Ok(ended(&browser, |page| page.problem = Some(said))),
    }
}

/// Exchanges the refresh token.
async fn refresh(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(Memory::Tokens(Tokens {
        refresh_token: Some(refresh_token),
        ..
    })) = recall(&app, &browser, &headers, COOKIE)
    else {
        return Ok(Redirect::to(HOME).into_response());
    };
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", DEVICE_DEMO_APP),
        ("refresh_token", &refresh_token),
    ];
    match token(&app, &browser, &form).await {
        Ok(tokens) => keep(&app, &browser, &Memory::Tokens(tokens)),
        Err(said) => Ok(ended(&browser, |page| page.problem = Some(said))),
    }
}

/// Forgets everything.
async fn start_over(browser: Browser) -> Response {
    let forget = [(header::SET_COOKIE, forget(&browser, COOKIE))];
    (forget, Redirect::to(HOME)).into_response()
}

fn keep(app: &App, browser: &Browser, memory: &Memory) -> Result<Response, PageError> {
    let cookie = remember(app, browser, COOKIE, memory)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(HOME)).into_response())
}
