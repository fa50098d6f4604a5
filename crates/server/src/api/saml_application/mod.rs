//! `/saml-applications`: applications that take SAML answers (`contract/logto-api.md` §5.6).

mod create;
mod delete;
mod find;
mod shape;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
