//! `/organization-roles`: what members of any organization may be (`contract/logto-api.md` §3.4).

mod create;
mod delete;
mod find;
mod list;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::view::OrganizationRoleView;
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
