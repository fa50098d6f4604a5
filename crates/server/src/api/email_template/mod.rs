//! `/email-templates`: the tenant's own messages (`contract/logto-api.md` §4.4).

mod delete;
mod delete_all;
mod details;
mod find;
mod list;
mod replace;
mod update_details;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(
            list::list,
            replace::replace,
            delete_all::delete_all
        ))
        .routes(routes!(find::find, delete::delete))
        .routes(routes!(update_details::update_details))
}
