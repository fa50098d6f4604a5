//! The OpenID Connect endpoints below the issuer: each path has its file.

mod access;
mod answer;
mod authorize;
pub mod cors;
mod device;
mod discovery;
pub mod document;
mod end_session;
mod introspect;
mod jwks;
mod par;
mod resume;
mod revoke;
mod room;
pub mod step;
pub(crate) mod subject;
mod token;
mod userinfo;

pub(crate) use self::token::redeem;
use axum::{
    Json, Router,
    body::to_bytes,
    extract::Request,
    http::{Method, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use protocol::error::OAuthError;
use serde_json::Value;
use tower::ServiceBuilder;

use crate::{app::App, error::oauth_body};

/// Everything below `/oidc`.
pub fn router(app: &App) -> Router<App> {
    let around = ServiceBuilder::new()
        .layer(from_fn(cors::preflights))
        .layer(from_fn(standard_members_only));
    Router::new().nest_service("/oidc", around.service(routes().with_state(app.clone())))
}

fn routes() -> Router<App> {
    Router::new()
        .merge(token::router())
        .merge(userinfo::router())
        .merge(introspect::router())
        .merge(revoke::router())
        .merge(authorize::router())
        .merge(device::router())
        .merge(resume::router())
        .merge(par::router())
        .merge(end_session::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
}

/// A path or method that is not served (`contract/logto-core.md` §3.1).
async fn unknown(method: Method, uri: Uri) -> Response {
    let path: String = uri
        .path()
        .chars()
        .filter(char::is_ascii_graphic)
        .take(200)
        .collect();
    let path = path.replace(['"', '\\'], "");
    let refused = OAuthError::invalid_request(format!("{method} is not served at {path}"));
    (StatusCode::NOT_FOUND, Json(oauth_body(&refused))).into_response()
}

/// Leaves Logto's `code` and `message` out of errors when the query has `parse_error=false` (`contract/logto-core.md` §3.12).
async fn standard_members_only(request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let asked = query
        .split('&')
        .any(|parameter| parameter == "parse_error=false");
    let response = next.run(request).await;
    let status = response.status();
    if !asked || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, 64 * 1024).await else {
        return status.into_response();
    };
    let Ok(Value::Object(mut members)) = serde_json::from_slice(&bytes) else {
        return Response::from_parts(parts, bytes.into());
    };
    members.remove("code");
    members.remove("message");
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Value::Object(members).to_string().into())
}
