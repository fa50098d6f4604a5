//! `/domains`: domains of the operator's own, which an edge provider serves (`contract/logto-api.md` §5.3).
//!
//! Without one, as on every machine of one's own, there are none, and none can be added: a reverse proxy and `ENDPOINT`
//! do the same.

mod cleanup;
mod create;
mod delete;
mod find;
mod list;
mod replace_verification_files;
mod verification_files;
pub(super) mod view;

use crate::{
    api::routes::{Routes, routes},
    operation::Refused,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(cleanup::cleanup))
        .routes(routes!(find::find, delete::delete))
        .routes(routes!(
            verification_files::verification_files,
            replace_verification_files::replace_verification_files
        ))
}

/// There is no such domain, because there is none.
fn unknown(id: &str) -> Refused {
    Refused::not_exists("domain", id)
}
