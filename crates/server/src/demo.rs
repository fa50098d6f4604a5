//! `/demo-app` — an application that signs in with Hufu itself and shows what it got.
//!
//! It is an ordinary public client: authorization code with PKCE, and requests to the same endpoints that every other
//! application uses; only the network between the two is left out. [`device`] is the same for devices.

mod device;

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Request, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use crate::{
    app::App,
    builtin::DEMO_APP,
    cookie,
    error::PageError,
    extract::browser::Browser,
    page::{
        demo_app::{DemoAppPage, Person},
        show,
    },
    router::router as whole_server,
};

/// Remembers a sign-in until the code comes back, and then the tokens. Sealed: nobody but us can read or write it.
const COOKIE: &str = "_demo_app";
const COOKIE_LIFE: i64 = 3600;
const SCOPE: &str = "openid profile email offline_access";

/// Its routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/demo-app", get(home))
        .route("/demo-app/sign-in", get(sign_in))
        .route("/demo-app/refresh", post(refresh))
        .route("/demo-app/sign-out", post(sign_out))
        .merge(device::router())
}

#[derive(Debug, Serialize, Deserialize)]
enum Memory {
    Leaving { state: String, verifier: String },
    Tokens(Tokens),
}

/// A token response (RFC 6749 §5.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
    refresh_token: Option<String>,
    scope: Option<String>,
    expires_in: Option<i64>,
}

/// What the authorization endpoint sends back (RFC 6749 §4.1.2).
#[derive(Debug, Deserialize)]
struct Callback {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Shows what it has, after it has exchanged a code that came back.
async fn home(
    State(app): State<App>,
    browser: Browser,
    Query(callback): Query<Callback>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if !browser.tenant.applications.contains_key(DEMO_APP) {
        return Err(PageError::NotFound);
    }
    let memory = recall(&app, &browser, &headers, COOKIE);
    if let Some(error) = callback.error {
        let description = callback.error_description.unwrap_or_default();
        return Ok(problem(&browser, format!("{error}: {description}")));
    }
    match (callback.code, memory) {
        (Some(code), Some(Memory::Leaving { state, verifier })) => {
            if callback.state.as_deref() != Some(&state) {
                return Ok(problem(
                    &browser,
                    "The state that came back is not the one that was sent.".to_owned(),
                ));
            }
            let address = address(&browser);
            let exchange = [
                ("grant_type", "authorization_code"),
                ("client_id", DEMO_APP),
                ("redirect_uri", &address),
                ("code", &code),
                ("code_verifier", &verifier),
            ];
            keep(&app, &browser, token(&app, &browser, &exchange).await)
        }
        (Some(_), _) => Ok(Redirect::to("/demo-app").into_response()),
        (None, Some(Memory::Tokens(tokens))) => {
            let userinfo = userinfo(&app, &browser, &tokens.access_token).await;
            Ok(show(DemoAppPage {
                person: Some(person(&tokens, &userinfo)),
                ..page(&browser)
            }))
        }
        (None, _) => Ok(show(page(&browser))),
    }
}

/// Sends the browser to the authorization endpoint.
async fn sign_in(State(app): State<App>, browser: Browser) -> Result<Response, PageError> {
    let (state, verifier) = (app.random_secret(), app.random_secret());
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.reveal().as_bytes()));
    let query = Serializer::new(String::new())
        .append_pair("client_id", DEMO_APP)
        .append_pair("redirect_uri", &address(&browser))
        .append_pair("response_type", "code")
        .append_pair("scope", SCOPE)
        .append_pair("state", state.reveal())
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .finish();
    let memory = Memory::Leaving {
        state: state.reveal().to_owned(),
        verifier: verifier.reveal().to_owned(),
    };
    let cookie = remember(&app, &browser, COOKIE, &memory)?;
    Ok((
        [(header::SET_COOKIE, cookie)],
        Redirect::to(&format!("{}/auth?{query}", browser.tenant.issuer)),
    )
        .into_response())
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
        return Ok(Redirect::to("/demo-app").into_response());
    };
    let exchange = [
        ("grant_type", "refresh_token"),
        ("client_id", DEMO_APP),
        ("refresh_token", &refresh_token),
    ];
    keep(&app, &browser, token(&app, &browser, &exchange).await)
}

/// Forgets the tokens and ends the session (RP-Initiated Logout).
async fn sign_out(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let mut query = Serializer::new(String::new());
    query
        .append_pair("client_id", DEMO_APP)
        .append_pair("post_logout_redirect_uri", &address(&browser));
    if let Some(Memory::Tokens(tokens)) = recall(&app, &browser, &headers, COOKIE) {
        query.append_pair("id_token_hint", &tokens.id_token);
    }
    let forget = forget(&browser, COOKIE);
    let address = format!("{}/session/end?{}", browser.tenant.issuer, query.finish());
    Ok(([(header::SET_COOKIE, forget)], Redirect::to(&address)).into_response())
}

fn address(browser: &Browser) -> String {
    format!("{}/demo-app", browser.tenant.endpoint)
}

fn page(browser: &Browser) -> DemoAppPage {
    DemoAppPage {
        server: browser.tenant.endpoint.clone(),
        ..DemoAppPage::default()
    }
}

fn problem(browser: &Browser, problem: String) -> Response {
    show(DemoAppPage {
        problem: Some(problem),
        ..page(browser)
    })
}

/// Remembers new tokens and shows them under an address without the code; or says what went wrong.
fn keep(
    app: &App,
    browser: &Browser,
    answer: Result<Tokens, String>,
) -> Result<Response, PageError> {
    match answer {
        Ok(tokens) => {
            let cookie = remember(app, browser, COOKIE, &Memory::Tokens(tokens))?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/demo-app")).into_response())
        }
        Err(said) => Ok(problem(browser, said)),
    }
}

/// A cookie that holds this, sealed under its name.
fn remember(
    app: &App,
    browser: &Browser,
    name: &str,
    memory: &impl Serialize,
) -> Result<HeaderValue, PageError> {
    let text = serde_json::to_vec(memory).unwrap_or_default();
    let sealed = URL_SAFE_NO_PAD.encode(app.vault().seal(name, &text)?);
    let cookie = cookie::name(name, &browser.tenant.id);
    Ok(cookie::set(cookie, &sealed, COOKIE_LIFE, browser.https))
}

fn recall<T: DeserializeOwned>(
    app: &App,
    browser: &Browser,
    headers: &HeaderMap,
    name: &str,
) -> Option<T> {
    let cookie = cookie::read(headers, &cookie::name(name, &browser.tenant.id))?;
    let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    serde_json::from_slice(&app.vault().open(name, &sealed).ok()?).ok()
}

fn forget(browser: &Browser, name: &str) -> HeaderValue {
    let cookie = cookie::name(name, &browser.tenant.id);
    cookie::set(cookie, "", 0, browser.https)
}

/// Asks the token endpoint; the error is what it said.
async fn token(app: &App, browser: &Browser, form: &[(&str, &str)]) -> Result<Tokens, String> {
    post_form(app, browser, "/oidc/token", form).await
}

/// Posts a form to an endpoint; the error is what it said.
async fn post_form<T: DeserializeOwned>(
    app: &App,
    browser: &Browser,
    path: &str,
    form: &[(&str, &str)],
) -> Result<T, String> {
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    let request =
        Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = ask(app, browser, request.body(Body::from(body))).await;
    serde_json::from_str(&answer).map_err(|_| answer)
}

async fn userinfo(app: &App, browser: &Browser, access_token: &str) -> String {
    let request =
        Request::get("/oidc/me").header(header::AUTHORIZATION, format!("Bearer {access_token}"));
    ask(app, browser, request.body(Body::empty())).await
}

/// Sends a request to the whole server, at this tenant's address.
async fn ask(app: &App, browser: &Browser, request: http::Result<Request<Body>>) -> String {
    let Ok(mut request) = request else {
        return String::new();
    };
    let host = browser
        .tenant
        .endpoint
        .split("://")
        .nth(1)
        .and_then(|host| HeaderValue::from_str(host).ok());
    host.map(|host| request.headers_mut().insert(header::HOST, host));
    let Ok(response) = whole_server(app.clone()).oneshot(request).await;
    let body = to_bytes(response.into_body(), 64 * 1024)
        .await
        .unwrap_or_default();
    String::from_utf8_lossy(&body).into_owned()
}

/// What the page shows of an answer.
fn person(tokens: &Tokens, userinfo: &str) -> Person {
    let claims = claims(&tokens.id_token).unwrap_or_default();
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let access = serde_json::json!({
        "access_token": claims_or_opaque(&tokens.access_token),
        "refresh_token": tokens.refresh_token.is_some(),
        "expires_in": tokens.expires_in,
        "scope": tokens.scope,
    });
    Person {
        name: text("name")
            .or_else(|| text("sub"))
            .unwrap_or_default()
            .to_owned(),
        id_token: pretty(&claims),
        access_token: pretty(&access),
        userinfo: serde_json::from_str(userinfo)
            .map_or_else(|_| userinfo.to_owned(), |value| pretty(&value)),
    }
}

fn claims_or_opaque(token: &str) -> Value {
    claims(token).unwrap_or_else(|| "opaque".into())
}

/// The claims of a JWT that came straight from the token endpoint: it needs no check (OpenID Connect Core §3.1.3.7).
fn claims(token: &str) -> Option<Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
