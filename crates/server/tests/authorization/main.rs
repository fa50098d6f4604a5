//! Authorization and logout as browsers go through them, in process.
#![cfg(test)]

mod authorize;
mod cimd;
mod device;
mod end_session;
mod par;
mod support;
