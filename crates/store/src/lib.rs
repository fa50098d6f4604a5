//! SQL for SQLite and PostgreSQL: rows to domain types and back.

mod db;
mod error;
mod json;
mod sqlite;

pub mod access_token;
pub mod alteration;
pub mod application;
pub mod code;
pub mod config;
pub mod connector;
pub mod consent;
pub mod cookie_key;
pub mod delivery;
pub mod failed_attempt;
pub mod grant;
pub mod interaction;
pub mod one_time_link;
pub mod pushed_request;
pub mod refresh_token;
pub mod resource;
pub mod role;
pub mod seed;
pub mod session;
pub mod sign_in_experience;
pub mod signing_key;
pub mod snapshot;
pub mod sweep;
pub mod system;
pub mod tenant;
#[cfg(any(test, feature = "testing"))]
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test that has no database must fail"
)]
pub mod testing;
pub mod user;
pub mod vault;

pub use self::{
    db::{Db, Options, Source, Tx},
    error::{Conflict, StoreError},
    vault::Vault,
};
