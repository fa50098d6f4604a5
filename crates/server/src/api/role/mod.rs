//! `/roles`: what people and applications may ask of APIs (`contract/logto-api.md` §3.1).

mod add_applications;
mod add_scopes;
mod add_users;
mod applications;
mod create;
mod delete;
mod find;
mod list;
mod remove_application;
mod remove_scope;
mod remove_user;
mod scopes;
mod update;
mod users;
mod view;

pub use self::view::{FeaturedUser, RoleKind, RoleView};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(scopes::scopes, add_scopes::add_scopes))
        .routes(routes!(remove_scope::remove_scope))
        .routes(routes!(
            applications::applications,
            add_applications::add_applications
        ))
        .routes(routes!(remove_application::remove_application))
        .routes(routes!(users::users, add_users::add_users))
        .routes(routes!(remove_user::remove_user))
}
