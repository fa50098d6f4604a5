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

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
        .routes(routes!(test::test))
        .routes(routes!(authorization_uri::authorization_uri))
}
