//! `/resources`: the APIs that access tokens are made for (`contract/logto-api.md` §3.2).

mod create;
mod delete;
mod find;
mod list;
mod set_default;
mod update;
mod view;

use store::seed::is_management_api;

pub use self::view::ResourceView;
use crate::{
    api::routes::{Routes, routes},
    operation::Refused,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(set_default::set_default))
}

/// The Management API itself cannot be changed: whoever did would lock everybody out.
pub fn changeable(indicator: &str) -> Result<(), Refused> {
    if is_management_api(indicator) {
        return Err(Refused::new(
            "resource.cannot_modify_management_api",
            "The Management API cannot be changed.",
        ));
    }
    Ok(())
}
