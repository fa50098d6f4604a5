//! `/organizations`: groups of people and applications with roles of their own (`contract/logto-api.md` §3.3).

mod view;

pub use self::view::{MemberOrganization, OrganizationView, RoleName};
