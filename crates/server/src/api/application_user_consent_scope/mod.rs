//! `/applications/{applicationId}/user-consent-scopes`: what a third-party application may ask people for
//! (`contract/logto-api.md` §2.1).

mod add;
mod kind;
mod list;
mod remove;

pub(crate) use self::kind::{ScopeKind, UserScope, Whose};
pub(in crate::api) use self::{
    add::{Added, let_ask},
    list::{ConsentScopes, read},
    remove::stop_asking,
};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, add::add))
        .routes(routes!(remove::remove))
}
