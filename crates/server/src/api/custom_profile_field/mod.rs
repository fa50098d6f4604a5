//! `/custom-profile-fields`: what an operator asks people for (`contract/logto-api.md` §4.4).

mod create;
mod create_batch;
mod definition;
mod delete;
mod find;
mod list;
mod order;
mod replace;
mod view;

pub use self::view::CustomProfileFieldView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(create_batch::create_batch))
        .routes(routes!(order::order))
        .routes(routes!(find::find, replace::replace, delete::delete))
}
