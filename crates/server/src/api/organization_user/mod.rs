//! `/organizations/{id}/users`: the people of an organization (`contract/logto-api.md` §3.3).

mod add;
mod give_roles;
mod list;
mod remove;
mod replace;
mod scopes;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, add::add, replace::replace))
        .routes(routes!(give_roles::give_roles))
        .routes(routes!(remove::remove))
        .routes(routes!(scopes::scopes))
}
