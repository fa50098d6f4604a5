//! People: who they are, how they prove it, and what a sign-in asks of them. Pure rules.

pub mod action;
pub mod claims;
pub mod connector;
pub mod experience;
pub mod identifier;
pub mod message;
pub mod mfa;
pub mod one_time_token;
pub mod password;
pub mod profile_field;
pub mod script_context;
pub mod social;
pub mod sso;
pub mod user;
pub mod verification_code;
