//! `/sentinel-activities`: failures that lock people out (`contract/logto-api.md` §5.3, `contract/logto-core.md` §11.1).

mod delete;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(delete::delete))
}
