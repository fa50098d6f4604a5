//! `/organization-scopes`: what members of any organization may do in it (`contract/logto-api.md` §3.4).

mod create;
mod delete;
mod find;
mod list;
mod update;
mod view;

pub use self::view::OrganizationScopeView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
