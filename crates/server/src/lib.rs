//! The server: commands, configuration, endpoints, pages and jobs.

pub mod clock;
pub mod command;
pub mod config;
pub mod key;
pub mod operation;
pub mod prepare;
pub mod random;
pub mod seen;
