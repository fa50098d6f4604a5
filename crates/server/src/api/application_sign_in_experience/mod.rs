//! `/applications/{applicationId}/sign-in-experience`: what an application shows instead of the tenant's (`contract/logto-api.md` §2.1).

mod document;
mod find;
mod put;

pub(crate) use self::document::Change;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, put::put))
}
