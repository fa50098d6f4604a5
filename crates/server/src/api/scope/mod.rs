//! `/resources/{resourceId}/scopes`: what an API can allow (`contract/logto-api.md` §3.2).

mod create;
mod delete;
mod list;
mod update;
mod view;

pub use self::view::ScopeView;
use crate::{
    api::routes::{Routes, routes},
    operation::Refused,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(update::update, delete::delete))
}

/// Scopes stand in a list that spaces separate (RFC 6749 §3.3).
pub(crate) fn check_name(name: &str) -> Result<(), Refused> {
    if name.contains(char::is_whitespace) {
        return Err(Refused::new(
            "scope.name_with_space",
            "The name of a scope cannot contain spaces.",
        ));
    }
    Ok(())
}
