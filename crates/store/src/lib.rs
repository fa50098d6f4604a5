//! SQL for SQLite and PostgreSQL: rows to domain types and back.

mod db;
mod error;
mod json;
mod sqlite;

pub mod access_token;
pub mod alteration;
pub mod code;
pub mod consent;
pub mod delivery;
pub mod failed_attempt;
pub mod grant;
pub mod interaction;
pub mod one_time_link;
pub mod pushed_request;
pub mod refresh_token;
pub mod session;
pub mod system;
pub mod user;
pub mod vault;

pub use self::{
    db::{Db, Options, Source, Tx},
    error::{Conflict, StoreError},
    vault::Vault,
};
