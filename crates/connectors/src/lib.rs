//! Calls to the outside: every one goes through the [guarded client](http::Guarded).

pub mod http;
pub mod pwned;
pub mod social;
