//! The server: commands, configuration, endpoints, pages and jobs.

pub mod config;
pub mod key;
