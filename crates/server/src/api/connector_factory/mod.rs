//! `/connector-factories`: the kinds of connectors (`contract/logto-api.md` §4.1).

mod find;
mod list;
mod view;

pub(super) use self::view::FactoryView;
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list))
        .routes(routes!(find::find))
}
