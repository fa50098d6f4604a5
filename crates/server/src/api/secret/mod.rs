//! `/secrets`: tokens of other providers that are kept for people (`contract/logto-api.md` §5.3).

mod delete;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(delete::delete))
}
