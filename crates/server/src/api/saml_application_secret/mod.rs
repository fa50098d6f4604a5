//! `/saml-applications/{id}/secrets`: what signs the answers to a SAML application (`contract/logto-api.md` §5.6).

mod create;
mod delete;
mod list;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(update::update, delete::delete))
}
