//! `/roles`: what people and applications may ask of APIs (`contract/logto-api.md` §3.1).

mod add_scopes;
mod create;
mod delete;
mod find;
mod list;
mod remove_scope;
mod scopes;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::view::{FeaturedUser, RoleKind, RoleView};
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(scopes::scopes, add_scopes::add_scopes))
        .routes(routes!(remove_scope::remove_scope))
}
