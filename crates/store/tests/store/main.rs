//! Every test runs on SQLite and on PostgreSQL: `scripts/with-postgres cargo nextest run -p store`.

mod address;
mod alteration;
mod application;
mod delivery;
mod failed_attempt;
mod fixture;
mod group_commit;
mod import;
mod key;
mod race;
mod role;
mod seed;
mod session;
mod snapshot;
mod sweep;
mod token;
mod user;
