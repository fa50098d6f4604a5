//! `/subject-tokens`: with what an operator's program acts for a user (`contract/logto-api.md` §5.5).

mod create;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create))
}
