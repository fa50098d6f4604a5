//! `/configs/jwt-customizer`: scripts that add claims to access tokens (`contract/logto-api.md` §5.4).

mod delete;
mod find;
mod list;
mod put;
mod test;
mod update;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub(super) fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list))
        .routes(routes!(test::test))
        .routes(routes!(
            find::find,
            put::put,
            update::update,
            delete::delete
        ))
}
