//! `/applications`: what is registered to sign people in (`contract/logto-api.md` §2.1).

mod add_roles;
mod add_secret;
mod create;
mod custom_data;
mod delete;
mod delete_legacy_secret;
mod delete_secret;
mod find;
mod list;
mod metadata;
mod organizations;
mod remove_role;
mod rename_secret;
mod replace_roles;
mod roles;
mod secrets;
mod update;
mod view;

pub use self::view::ApplicationView;
pub(crate) use self::{
    find::ADMIN_ROLE,
    metadata::{Addresses, Settings},
    view::Kind,
};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(custom_data::custom_data))
        .routes(routes!(organizations::organizations))
        .routes(routes!(
            roles::roles,
            add_roles::add_roles,
            replace_roles::replace_roles
        ))
        .routes(routes!(remove_role::remove_role))
        .routes(routes!(secrets::secrets, add_secret::add_secret))
        .routes(routes!(
            rename_secret::rename_secret,
            delete_secret::delete_secret
        ))
        .routes(routes!(delete_legacy_secret::delete_legacy_secret))
}
