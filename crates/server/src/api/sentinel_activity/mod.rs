//! `/sentinel-activities`: failures that lock people out (`contract/logto-api.md` §5.3, `contract/logto-core.md` §11.1).

mod delete;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(delete::delete))
}
