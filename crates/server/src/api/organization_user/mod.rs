//! `/organizations/{id}/users`: the people of an organization (`contract/logto-api.md` §3.3).

mod add;
mod give_roles;
mod list;
mod remove;
mod replace;
mod scopes;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, add::add, replace::replace))
        .routes(routes!(give_roles::give_roles))
        .routes(routes!(remove::remove))
        .routes(routes!(scopes::scopes))
}
