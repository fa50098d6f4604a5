//! `/connectors`: ways to sign in with a provider, and to send messages (`contract/logto-api.md` §4.1).

mod authorization_uri;
mod create;
mod delete;
mod find;
mod list;
mod metadata;
mod test;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(test::test))
        .routes(routes!(authorization_uri::authorization_uri))
}
