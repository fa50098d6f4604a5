//! `/saml-applications`: applications that take SAML answers (`contract/logto-api.md` §5.6).

mod create;
mod delete;
mod find;
mod shape;
mod update;
mod view;

pub(crate) use self::shape::{AcsUrlShape, EncryptionShape};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(create::create)).routes(routes!(
        find::find,
        update::update,
        delete::delete
    ))
}
