//! SQL for SQLite and PostgreSQL: rows to domain types and back.
//!
//! One file is one table, and its functions are what the rest of Hufu may do with it. Reads take a [`Source`] (`&Db` or
//! `&mut Tx`), writes take `&mut Tx`; what changes the configuration also counts up the number of the [`snapshot`].
//!
//! One SQL text serves both databases. What keeps it so:
//!
//! | do | because |
//! |---|---|
//! | columns only TEXT, BIGINT (seconds), BOOLEAN, BYTEA; lists and maps as JSON in TEXT | both decode them alike |
//! | `now` is a parameter | portability, and tests move the clock |
//! | LIKE only on lower-case `_key` columns | SQLite ignores case there, PostgreSQL minds it |
//! | `CAST($1 AS TEXT) IS NULL OR …` for what may be left out | PostgreSQL wants the type |
//! | `ORDER BY …, id` | defaults and collations differ |
//! | races are decided by one guarded statement: `UPDATE … WHERE used_at IS NULL RETURNING …` | no isolation level needed |
//! | what no statement can guard takes `Tx::lock` | SQLite has one writer, PostgreSQL has advisory locks |
//! | after an error the transaction is dropped | PostgreSQL has ended it already |
//! | a released file of `migrations/` is never edited; a change adds first and removes a release later | the previous release still runs on it |

mod db;
mod error;
mod json;
mod sqlite;
mod statement;

pub mod access_token;
pub mod account_center;
pub mod alteration;
pub mod application;
pub mod captcha_provider;
pub mod code;
pub mod config;
pub mod connector;
pub mod consent;
pub mod cookie_key;
pub mod custom_phrase;
pub mod custom_profile_field;
pub mod daily_active_user;
pub mod delivery;
pub mod device_code;
pub mod email_template;
pub mod failed_attempt;
pub mod grant;
pub mod hook;
pub mod hook_delivery;
pub mod interaction;
pub mod log;
pub mod membership;
pub mod mfa_verification;
pub mod one_time_link;
pub mod one_time_token;
pub mod organization;
pub mod organization_invitation;
pub mod organization_role;
pub mod organization_scope;
pub mod personal_access_token;
pub mod pushed_request;
pub mod rate_limit;
pub mod refresh_token;
pub mod relation;
pub mod resource;
pub mod role;
pub mod saml_application;
pub mod saml_application_secret;
pub mod saml_session;
pub mod script_context;
pub mod search;
pub mod secret;
pub mod seed;
pub mod session;
pub mod sign_in_experience;
pub mod signing_key;
pub mod snapshot;
pub mod sso_connector;
pub mod sso_signing_key;
pub mod subject_token;
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
pub mod user_sso_identity;
pub mod vault;
pub mod verification_code;
pub mod verification_status;

pub use self::{
    db::{Db, Options, Source, Tx},
    error::{Conflict, StoreError},
    statement::{Listed, Page},
    vault::Vault,
};
