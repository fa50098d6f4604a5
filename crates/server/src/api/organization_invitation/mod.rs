//! `/organization-invitations`: asking people to join an organization (`contract/logto-api.md` §3.5).

mod create;
mod delete;
mod find;
mod list;
mod message;
mod set_status;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, delete::delete))
        .routes(routes!(message::message))
        .routes(routes!(set_status::set_status))
}
