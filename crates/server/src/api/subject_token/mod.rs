//! `/subject-tokens`: with what an operator's program acts for a user (`contract/logto-api.md` §5.5).

mod create;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(create::create))
}
