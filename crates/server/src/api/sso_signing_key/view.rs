//! A signing key as callers see it.

use serde::Serialize;
use store::sso_signing_key::SsoSigningKey;
use utoipa::ToSchema;

use crate::api::{fingerprint::Fingerprints, millis::Millis};

/// A key that signs our requests to a SAML provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoSigningKey)]
#[serde(rename_all = "camelCase")]
pub(super) struct SigningKeyView {
    id: String,
    /// What the provider is given, as PEM.
    certificate: String,
    created_at: Millis,
    expires_at: Millis,
    /// Whether requests are signed with it.
    active: bool,
    fingerprints: Fingerprints,
}

impl From<SsoSigningKey> for SigningKeyView {
    fn from(key: SsoSigningKey) -> Self {
        Self {
            id: key.id,
            fingerprints: Fingerprints::of(&key.certificate),
            certificate: key.certificate,
            created_at: key.created_at.into(),
            expires_at: key.expires_at.into(),
            active: key.active,
        }
    }
}
