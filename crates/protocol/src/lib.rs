//! The rules of OAuth 2.0, OpenID Connect and SAML 2.0, and the signatures they need. Nothing here reads, writes, waits, asks the time or draws lots.

pub mod authorize;
pub mod claims;
pub mod client;
pub mod client_assertion;
pub mod client_auth;
pub mod client_metadata;
pub mod cors;
pub mod discovery;
pub mod error;
pub mod grant;
pub mod hint;
pub mod jose;
pub mod logout;
pub mod organization;
pub mod par;
pub mod parameters;
pub mod pkce;
pub mod prompt;
pub mod record;
pub mod redirect_uri;
pub mod resource;
pub mod saml;
#[cfg(test)]
mod samples;
pub mod scope;
pub mod secret;
pub mod time;
pub mod token;
