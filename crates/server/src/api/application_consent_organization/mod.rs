//! `/applications/{id}/users/{userId}/consent-organizations`: where a person lets a third-party application act
//! (`contract/logto-api.md` §2.1).

mod add;
mod check;
mod list;
mod remove;
mod replace;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, add::add, replace::replace))
        .routes(routes!(remove::remove))
}
