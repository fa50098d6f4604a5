//! Calls to the outside: every one goes through the [guarded client](http::Guarded).

pub mod client_metadata;
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

#[cfg(test)]
#[path = "../tests/document_host/mod.rs"]
mod document_host;
