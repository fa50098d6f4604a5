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

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{
    containing::Containing,
    view::{MemberOrganization, OrganizationView, RoleName},
};
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(find::find, update::update, delete::delete))
}
