//! Documents that are the same for everybody: the server's description and its keys.
//!
//! Clients ask for them more often than for anything else, and they need neither a page nor a log. So they stand before what surrounds
//! all other routes, and only what is no read of theirs goes on to those.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use tower::{Service, ServiceBuilder, ServiceExt};

use super::{cors, discovery, jwks};
use crate::{
    app::App,
    arriving::{self, Arriving},
    extract::tenant::tenant_of,
    tenant::Tenant,
};

/// Shows a document of a tenant.
type Show = fn(&Tenant, &HeaderMap) -> Response;

/// Their routes; what they do not answer is answered by `others`.
pub fn router<S>(app: &App, others: S) -> Router
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    let discovery = read(app, discovery::show, others.clone());
    let jwks = read(app, jwks::show, others);
    Router::new()
        .route("/oidc/.well-known/openid-configuration", discovery.clone())
        .route(
            "/oidc/.well-known/oauth-authorization-server",
            discovery.clone(),
        )
        // Where RFC 8414 §3.1 puts the document: the well-known part goes before the issuer's path. The last one serves those
        // who type the address without `/oidc`.
        .route(
            "/.well-known/oauth-authorization-server/oidc",
            discovery.clone(),
        )
        .route("/.well-known/openid-configuration/oidc", discovery.clone())
        .route("/.well-known/oauth-authorization-server", discovery.clone())
        .route("/.well-known/openid-configuration", discovery)
        .route("/oidc/jwks", jwks)
}

fn read<S>(app: &App, show: Show, others: S) -> MethodRouter
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    let app = app.clone();
    let others = ServiceBuilder::new().map_request(unmatched).service(others);
    let unread = ServiceBuilder::new()
        .layer(from_fn(cors::preflights))
        .service(others.clone());
    get(move |mut request: Request| async move {
        let arrival = arriving::mark(&app, &mut request);
        let arriving = request.extensions().get::<Arriving>();
        match arriving.and_then(|arriving| tenant_of(&app, arriving)) {
            Some(tenant) => arrival.stamp(open(show(&tenant, request.headers()))),
            None => match others.oneshot(request).await {
                Ok(response) => response.into_response(),
                Err(never) => match never {},
            },
        }
    })
    .fallback_service(unread)
}

/// The others match the path for themselves.
fn unmatched(mut request: Request) -> Request {
    request.extensions_mut().remove::<MatchedPath>();
    request
}

/// Lets any page read the answer.
fn open(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}
