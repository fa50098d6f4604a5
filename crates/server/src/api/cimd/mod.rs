//! `/configs/cimd` and `/cimd`: whether clients may come that nobody registered, and what they may ask people for
//! (`contract/logto-api.md` §5.4).

mod add;
mod find_config;
mod list;
mod remove;
mod update_config;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(
            find_config::find_config,
            update_config::update_config
        ))
        .routes(routes!(list::list, add::add))
        .routes(routes!(remove::remove))
}
