//! `/users`: people's accounts (`contract/logto-api.md` §2.2, §2.3).

mod add_roles;
mod all_identities;
mod changed;
mod create;
mod create_identity;
mod custom_data;
mod delete;
mod delete_identity;
mod find;
mod find_identity;
mod grants;
mod has_password;
mod list;
mod logto_configs;
mod organizations;
mod password;
mod password_expiration;
mod profile;
mod remove_role;
mod replace_identity;
mod replace_roles;
mod revoke_grant;
mod revoke_session;
mod roles;
mod session;
mod sessions;
mod sso_identity;
mod suspend;
mod update;
mod update_custom_data;
mod update_logto_configs;
mod verify_password;
mod view;

use identity::user::User;
use store::Source;

pub use self::view::{IdentityView, UserInfo, UserView};
use crate::{
    api::routes::{Routes, routes},
    operation::{OperationError, Refused},
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(
            custom_data::custom_data,
            update_custom_data::update_custom_data
        ))
        .routes(routes!(profile::profile))
        .routes(routes!(
            logto_configs::logto_configs,
            update_logto_configs::update_logto_configs
        ))
        .routes(routes!(password::password))
        .routes(routes!(verify_password::verify_password))
        .routes(routes!(has_password::has_password))
        .routes(routes!(password_expiration::password_expiration))
        .routes(routes!(suspend::suspend))
        .routes(routes!(
            roles::roles,
            add_roles::add_roles,
            replace_roles::replace_roles
        ))
        .routes(routes!(remove_role::remove_role))
        .routes(routes!(organizations::organizations))
        .routes(routes!(
            find_identity::find_identity,
            replace_identity::replace_identity,
            delete_identity::delete_identity
        ))
        .routes(routes!(create_identity::create_identity))
        .routes(routes!(sso_identity::sso_identity))
        .routes(routes!(all_identities::all_identities))
        .routes(routes!(sessions::sessions))
        .routes(routes!(session::session, revoke_session::revoke_session))
        .routes(routes!(grants::grants))
        .routes(routes!(revoke_grant::revoke_grant))
}

/// The user with this id.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn find_user(
    source: impl Source,
    tenant: &str,
    id: &str,
) -> Result<User, OperationError> {
    store::user::find(source, tenant, id)
        .await?
        .ok_or_else(|| Refused::not_found("user", id).into())
}
