//! `/applications/{applicationId}/access-control`: who may use an application (`contract/logto-api.md` §2.1).

mod find;
mod replace;
mod rules;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::find, replace::replace))
}
