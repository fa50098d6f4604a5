//! `/configs/cimd` and `/cimd`: whether clients may come that nobody registered, and what they may ask people for
//! (`contract/logto-api.md` §5.4).

mod add;
mod find_config;
mod list;
mod remove;
mod update_config;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            find_config::find_config,
            update_config::update_config
        ))
        .routes(routes!(list::list, add::add))
        .routes(routes!(remove::remove))
}
