//! `/organizations`: groups of people and applications with roles of their own (`contract/logto-api.md` §3.3).

mod containing;
mod create;
mod delete;
mod find;
mod list;
pub mod member;
pub mod membership;
pub mod relation;
mod update;
mod view;

pub use self::{
    containing::Containing,
    view::{MemberOrganization, OrganizationView, RoleName},
};
use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
