//! SAML 2.0 as an identity provider speaks it: the Web Browser SSO Profile (Profiles §4.1) between a service provider and Hufu.
//!
//! A request is only read: whether it is signed does not matter, because it cannot change where the answer goes or what is in it
//! ([`request`]). An answer is written in canonical form from the start ([`xml`]), so that nothing has to be canonicalized before it is signed.

pub mod attribute;
pub mod binding;
pub mod certificate;
pub mod encryption;
pub mod metadata;
pub mod name_id;
pub mod request;
pub mod response;
#[cfg(test)]
mod samples;
pub mod service_provider;
pub mod signature;
pub mod xml;

use std::borrow::Cow;

use thiserror::Error;

/// `xmlns:samlp`.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// `xmlns:saml`.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The HTTP-POST binding (Bindings §3.5).
pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// The HTTP-Redirect binding (Bindings §3.4).
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// Why a request is not taken, or cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refused {
    /// Logto's code (`contract/logto-api.md` §1.9).
    pub code: &'static str,
    /// A sentence for the service provider's operator.
    pub message: Cow<'static, str>,
}

impl Refused {
    /// A refusal with this code and sentence.
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
