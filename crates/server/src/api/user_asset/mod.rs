//! `/user-assets`: files that operators upload (`contract/logto-api.md` §5.3).

mod create;
mod status;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, asset::upload::LARGEST_FORM};

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(status::status)).merge(
        OpenApiRouter::new()
            .routes(routes!(create::create))
            .layer(DefaultBodyLimit::max(LARGEST_FORM)),
    )
}
