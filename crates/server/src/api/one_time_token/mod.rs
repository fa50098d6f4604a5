//! `/one-time-tokens`: magic links (`contract/logto-api.md` §5.5).

mod create;
mod delete;
mod find;
mod list;
mod set_status;
mod verify;
mod view;

use self::view::OneTimeTokenView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(verify::verify))
        .routes(routes!(find::find, delete::delete))
        .routes(routes!(set_status::set_status))
}
