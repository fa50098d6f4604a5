//! Tokens: what they say and what becomes of them.

pub mod access_token;
pub mod custom_claims;
pub mod id_token;
pub mod introspect;
pub mod response;
pub mod revoke;
