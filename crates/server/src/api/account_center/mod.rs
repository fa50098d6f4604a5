//! `/account-center`: what people may see and change of their own account (`contract/logto-api.md` §4.4).

mod find;
mod update;
mod view;

pub use self::view::AccountCenterView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, update::update))
}
