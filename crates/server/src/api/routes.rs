//! What each folder says of its endpoints, once: it becomes the router of the server, or the document of a test.
//!
//! A server needs no descriptions: it serves the committed `openapi.json`. So `routes()` of a folder is generic, and a program that only
//! asks for the router holds none of the code that describes, and spends no start on it.

use axum::{Router, routing::MethodRouter};
use utoipa::openapi::{OpenApi, RefOr, Schema, path::Paths};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// What `routes!` makes of handlers that share a path; both halves are made when they are asked for.
#[derive(Debug)]
pub struct Endpoint<Route, Describe> {
    /// Makes the path with its handlers.
    pub route: Route,
    /// Makes what the document says of them.
    pub describe: Describe,
}

/// Schemas, paths and handlers, as `utoipa_axum` collects them.
pub type Described = (Vec<(String, RefOr<Schema>)>, Paths, MethodRouter<App>);

/// What endpoints are gathered into.
pub trait Routes: Sized {
    /// No endpoint.
    fn none() -> Self;

    /// With one path more.
    #[must_use]
    fn routes(
        self,
        endpoint: Endpoint<
            impl FnOnce() -> (String, MethodRouter<App>),
            impl FnOnce() -> Described,
        >,
    ) -> Self;

    /// With all of `others`.
    #[must_use]
    fn merge(self, others: Self) -> Self;

    /// With what the router, and only the router, has beside its endpoints: layers.
    #[must_use]
    fn through(self, layer: impl FnOnce(Router<App>) -> Router<App>) -> Self;
}

impl Routes for Router<App> {
    fn none() -> Self {
        Router::new()
    }

    fn routes(
        self,
        endpoint: Endpoint<
            impl FnOnce() -> (String, MethodRouter<App>),
            impl FnOnce() -> Described,
        >,
    ) -> Self {
        let (path, handlers) = (endpoint.route)();
        self.route(&path, handlers)
    }

    fn merge(self, others: Self) -> Self {
        Router::merge(self, others)
    }

    fn through(self, layer: impl FnOnce(Router<App>) -> Router<App>) -> Self {
        layer(self)
    }
}

/// Gathers the document.
pub struct Document(OpenApiRouter<App>);

impl Document {
    /// What was gathered.
    pub fn into_openapi(self) -> OpenApi {
        self.0.into_openapi()
    }
}

impl Routes for Document {
    fn none() -> Self {
        Self(OpenApiRouter::new())
    }

    fn routes(
        self,
        endpoint: Endpoint<
            impl FnOnce() -> (String, MethodRouter<App>),
            impl FnOnce() -> Described,
        >,
    ) -> Self {
        Self(self.0.routes((endpoint.describe)()))
    }

    fn merge(self, others: Self) -> Self {
        Self(self.0.merge(others.0))
    }

    fn through(self, _: impl FnOnce(Router<App>) -> Router<App>) -> Self {
        self
    }
}

/// Names the handlers of one path, each with `#[utoipa::path]`: `routes!(list::list, create::create)`.
macro_rules! routes {
    ($first:path $(, $other:path)* $(,)?) => {
        $crate::api::routes::Endpoint {
            route: || {
                use utoipa_axum::PathItemExt as _;
                let handlers = axum::routing::MethodRouter::new();
                utoipa_axum::paste! {
                    let path = utoipa_axum::routes!(@path [path()] of $first);
                    let methods = utoipa_axum::routes!(@path [methods()] of $first);
                }
                let handlers = methods
                    .iter()
                    .fold(handlers, |handlers, method| handlers.on(method.to_method_filter(), $first));
                $(
                    utoipa_axum::paste! {
                        let methods = utoipa_axum::routes!(@path [methods()] of $other);
                    }
                    let handlers = methods
                        .iter()
                        .fold(handlers, |handlers, method| handlers.on(method.to_method_filter(), $other));
                )*
                (path, handlers)
            },
            describe: || utoipa_axum::routes!($first $(, $other)*),
        }
    };
}
pub(crate) use routes;
