//! `/sign-in-exp`: how a tenant's people sign in (`contract/logto-api.md` §4.3).

mod check_password;
mod document;
mod find;
mod part;
mod update;
mod username_conflicts;

pub(crate) use self::{
    document::checked,
    update::{case_conflict, ignores_case_from_now_on},
};
pub use self::{
    document::{SignInExperienceView, view},
    part::{Branding, PartialColor, WebAddress, members},
};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(find::find, update::update))
        .routes(routes!(check_password::check_password))
        .routes(routes!(username_conflicts::username_conflicts))
}
