//! `/logs`: what happened (`contract/logto-api.md` §5.1).

mod find;
mod list;
mod view;
mod window;

pub use self::{view::LogView, window::Window};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list))
        .routes(routes!(find::find))
}
