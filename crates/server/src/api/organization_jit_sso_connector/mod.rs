//! `/organizations/{id}/jit/sso-connectors`: the providers whose people join an organization by themselves (`contract/logto-api.md` §3.3).

mod add;
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
