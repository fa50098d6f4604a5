//! `/organizations/{id}/jit/sso-connectors`: the providers whose people join an organization by themselves (`contract/logto-api.md` §3.3).

mod add;
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
