//! The pages on which people sign in, as browsers without JavaScript use them, in process.
#![cfg(test)]

mod action;
mod cimd;
mod consent;
mod event;
mod fixture;
mod flood;
mod limit;
mod lock;
mod look;
#[path = "../receiver/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the API")]
mod receiver;
mod register;
mod setup;
mod sign_in;
mod social;
#[path = "../support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the other tests of endpoints"
)]
mod support;
