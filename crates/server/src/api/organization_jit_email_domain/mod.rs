//! `/organizations/{id}/jit/email-domains`: the e-mail domains whose people join an organization by themselves (`contract/logto-api.md` §3.3).

mod add;
mod list;
mod remove;
mod replace;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, add::add, replace::replace))
        .routes(routes!(remove::remove))
}
