//! The OpenID Connect endpoints over HTTP, in process.
#![cfg(test)]

mod client_credentials;
mod code;
mod cors;
mod discovery;
mod errors;
mod introspect;
mod race;
mod refresh;
mod revoke;
#[path = "../support/mod.rs"]
mod support;
mod userinfo;
