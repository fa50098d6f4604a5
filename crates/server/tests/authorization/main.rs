//! Authorization and logout as browsers go through them, in process.
#![cfg(test)]

mod authorize;
mod cimd;
mod device;
mod end_session;
mod par;
#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the other tests of endpoints"
)]
mod support;
