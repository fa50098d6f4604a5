//! `/saml-applications/{id}/secrets`: what signs the answers to a SAML application (`contract/logto-api.md` §5.6).

mod create;
mod delete;
mod list;
mod update;
mod view;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(update::update, delete::delete))
}
