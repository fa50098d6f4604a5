//! `/users/{userId}/mfa-verifications`: people's second factors (`contract/logto-api.md` §2.3).

mod create;
mod delete;
mod list;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(delete::delete))
}
