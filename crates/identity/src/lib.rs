//! People: who they are, how they prove it, and what a sign-in asks of them. Pure rules.

pub mod connector;
pub mod user;
