//! `/applications/{applicationId}/access-control`: who may use an application (`contract/logto-api.md` §2.1).

mod find;
mod replace;
mod rules;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, replace::replace))
}
