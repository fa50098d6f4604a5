//! Cross-origin requests to the OIDC endpoints (`contract/logto-core.md` §3.13).

use std::sync::{Arc, OnceLock};

use axum::{
    extract::Request,
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use protocol::{client::Client, cors, error::OAuthError};

use crate::tenant::Tenant;

/// Seconds for which a browser may remember a preflight.
const PREFLIGHT_LIFE: &str = "3600";

/// Answers the question a browser asks before a request: whether it may be sent at all. It may; who may read the
/// answer is decided with the request itself.
pub async fn preflights(request: Request, next: Next) -> Response {
    let asked = request.headers();
    let is_preflight = request.method() == Method::OPTIONS
        && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    match asked.get(header::ORIGIN).filter(|_| is_preflight) {
        Some(origin) => preflight(asked, origin.clone()),
        None => next.run(request).await,
    }
}

/// Lets a page read the answer if its origin is one of the client's. Which client that is the handler finds out, and
/// tells with [`check`].
pub async fn by_client(mut request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    let asking = AskingPage {
        origin,
        allowed: Arc::default(),
    };
    let allowed = asking.allowed.clone();
    request.extensions_mut().insert(asking);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed.get() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let exposed = HeaderValue::from_static("WWW-Authenticate");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

/// The page of another origin that a request comes from.
#[derive(Clone, Debug)]
pub struct AskingPage {
    origin: HeaderValue,
    allowed: Arc<OnceLock<HeaderValue>>,
}

impl AskingPage {
    /// The page that a request marked by [`by_client`] comes from; `None` for programs and pages of our own.
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().cloned()
    }
}

/// Refuses a request that comes from a page which is not `client`'s; `invalid_request`.
pub fn check(
    asking: Option<&AskingPage>,
    tenant: &Tenant,
    client: &Client,
) -> Result<(), OAuthError> {
    let Some(asking) = asking else {
        return Ok(());
    };
    let origin = asking.origin.to_str().unwrap_or_default();
    if !cors::is_allowed(origin, client, &tenant.endpoint) {
        return Err(OAuthError::invalid_request(
            "the origin is not allowed for this client",
        ));
    }
    // It is set once per request; a second time it would be the same.
    let _ = asking.allowed.set(asking.origin.clone());
    Ok(())
}

fn preflight(asked: &HeaderMap, origin: HeaderValue) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST"),
    );
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static(PREFLIGHT_LIFE),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Origin, Access-Control-Request-Headers"),
    );
    (StatusCode::NO_CONTENT, headers).into_response()
}
