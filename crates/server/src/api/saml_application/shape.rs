//! What is particular to a SAML application, in the shapes that callers must keep to.

use protocol::saml::{
    name_id::NameIdFormat,
    service_provider::{AcsUrl, Binding, Encryption},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::text::Text;

/// Where answers go.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = SamlAcsUrl)]
pub(crate) struct AcsUrlShape {
    /// HTTP-POST: the other one is refused.
    binding: BindingShape,
    url: Text<1, 2048>,
}

/// How a message travels.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = SamlBinding)]
enum BindingShape {
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST")]
    Post,
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect")]
    Redirect,
}

/// How assertions are encrypted. The first member needs both others.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = SamlEncryption)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EncryptionShape {
    /// Whether they are, to the key of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    encrypt_assertion: Option<bool>,
    /// Whether the answer as a whole is signed as well, after the assertion in it was signed and encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    encrypt_then_sign: Option<bool>,
    /// The application's certificate, as PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    certificate: Option<Text<1, 16384>>,
}

/// How people are named.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = SamlNameIdFormat)]
pub(super) enum NameIdFormatShape {
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")]
    Persistent,
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")]
    EmailAddress,
    #[serde(rename = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")]
    Transient,
    #[serde(rename = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified")]
    Unspecified,
}

impl From<AcsUrlShape> for AcsUrl {
    fn from(shape: AcsUrlShape) -> Self {
        let binding = match shape.binding {
            BindingShape::Post => Binding::Post,
            BindingShape::Redirect => Binding::Redirect,
        };
        Self {
            binding,
            url: shape.url.into(),
        }
    }
}

impl From<EncryptionShape> for Encryption {
    fn from(shape: EncryptionShape) -> Self {
        Self {
            encrypt_assertion: shape.encrypt_assertion,
            encrypt_then_sign: shape.encrypt_then_sign,
            certificate: shape.certificate.map(String::from),
        }
    }
}

impl From<NameIdFormatShape> for NameIdFormat {
    fn from(shape: NameIdFormatShape) -> Self {
        match shape {
            NameIdFormatShape::Persistent => Self::Persistent,
            NameIdFormatShape::EmailAddress => Self::EmailAddress,
            NameIdFormatShape::Transient => Self::Transient,
            NameIdFormatShape::Unspecified => Self::Unspecified,
        }
    }
}
