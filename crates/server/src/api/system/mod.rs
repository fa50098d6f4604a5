//! `/systems`: what the installation as a whole offers (`contract/logto-api.md` §5.3).

mod application;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(application::application))
}
