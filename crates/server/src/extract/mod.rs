//! What handlers take out of a request.

pub mod body;
pub mod browser;
pub mod client;
pub mod form;
pub mod tenant;
