//! `/sso-connectors`, `/sso-connector-providers`: identity providers of enterprises (`contract/logto-api.md` §4.2).

mod create;
mod delete;
mod find;
mod list;
mod providers;
mod update;
mod view;

pub(super) use self::view::SsoConnectorView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(providers::providers))
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
