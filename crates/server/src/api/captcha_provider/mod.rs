//! `/captcha-provider`: who tells people from programs (`contract/logto-api.md` §4.4).

mod delete;
mod find;
mod replace;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, replace::replace, delete::delete))
}
