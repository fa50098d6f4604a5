//! `/verification-codes`: proving an address or a number (`contract/logto-api.md` §5.5).

mod create;
mod recipient;
mod verify;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create))
        .routes(routes!(verify::verify))
}
