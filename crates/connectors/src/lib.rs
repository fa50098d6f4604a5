//! Calls to the outside: every one goes through the [guarded client](http::Guarded).

pub mod error;
pub mod factory;
pub mod http;
pub mod message;
pub mod pwned;
pub mod secret;
pub mod social;
pub mod sso;

#[cfg(test)]
#[path = "../tests/mail_server/mod.rs"]
mod mail_server;
