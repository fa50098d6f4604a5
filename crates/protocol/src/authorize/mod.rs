//! The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
//!
//! [`check`] reads the parameters and never lets an address be answered that is not proven; [`decide`] says what has to
//! happen next; [`respond`] writes the answer for the application.

pub mod check;
pub mod decide;
pub mod device;
mod first_screen;
pub mod issue;
pub mod request;
pub mod respond;
