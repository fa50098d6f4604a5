//! `/secrets`: tokens of other providers that are kept for people (`contract/logto-api.md` §5.3).

mod delete;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(delete::delete))
}
