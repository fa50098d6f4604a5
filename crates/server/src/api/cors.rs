//! Which pages may call the API from a browser (`contract/logto-api.md` §1.8).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use store::seed::ADMIN_TENANT;

use crate::{app::App, arriving::Arriving};

/// Lets pages of the console and of the tenant itself read the answers; others get an answer that browsers keep from them.
pub async fn own_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    let asked = request.headers();
    let is_preflight = request.method() == Method::OPTIONS
        && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let wanted = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let arriving = request.extensions().get::<Arriving>();
    let is_own = origin
        .to_str()
        .is_ok_and(|origin| is_own(&app, origin, arriving));
    let mut response = if is_preflight {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if is_own {
        allow(headers, origin, is_preflight, wanted);
    }
    response
}

fn is_own(app: &App, origin: &str, arriving: Option<&Arriving>) -> bool {
    arriving.is_some_and(|arriving| arriving.origin == origin)
        || app.config().addresses.endpoint(ADMIN_TENANT).as_deref() == Some(origin)
}

fn allow(
    headers: &mut HeaderMap,
    origin: HeaderValue,
    is_preflight: bool,
    wanted: Option<HeaderValue>,
) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("*"),
    );
    if !is_preflight {
        return;
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"),
    );
    headers.insert(
        header::ACCESS_CONTROL_MAX_AGE,
        HeaderValue::from_static("3600"),
    );
    if let Some(wanted) = wanted {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    }
}
