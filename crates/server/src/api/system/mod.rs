//! `/systems`: what the installation as a whole offers (`contract/logto-api.md` §5.3).

mod application;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(application::application))
}
