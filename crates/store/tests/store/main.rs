//! Every test runs on SQLite and on PostgreSQL: `scripts/with-postgres cargo nextest run -p store`.

#![expect(
    clippy::assigning_clones,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on must fail, and reads best without ceremony"
)]

mod address;
mod alteration;
mod application;
mod cimd;
mod delivery;
mod failed_attempt;
mod fixture;
mod group_commit;
mod hook;
mod import;
mod key;
mod log;
mod race;
mod relation;
mod role;
mod saml;
mod script_context;
mod secret;
mod seed;
mod session;
mod snapshot;
mod sso_connector;
mod sweep;
mod token;
mod user;
mod verification_code;
