//! `/applications/{id}/users/{userId}/consent-organizations`: where a person lets a third-party application act
//! (`contract/logto-api.md` §2.1).

mod add;
mod check;
mod list;
mod remove;
mod replace;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, add::add, replace::replace))
        .routes(routes!(remove::remove))
}
