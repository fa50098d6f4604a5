//! The OpenID Connect endpoints over HTTP, in process.
#![cfg(test)]

mod admission;
mod client_credentials;
mod code;
mod cors;
mod custom_claims;
mod device;
mod discovery;
mod errors;
mod exchange;
mod introspect;
mod organization;
mod race;
mod refresh;
mod revoke;
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the other tests of endpoints"
)]
#[path = "../support/mod.rs"]
mod support;
mod userinfo;
