//! A signing key as callers see it.

use serde::Serialize;
use store::sso_signing_key::SsoSigningKey;
use utoipa::ToSchema;

use crate::{api::millis::Millis, certificate::fingerprint};

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

/// Hashes of the certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoSigningKeyFingerprints)]
struct Fingerprints {
    sha256: Fingerprint,
}

/// In hexadecimal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoSigningKeyFingerprint)]
struct Fingerprint {
    /// With a colon after each byte.
    formatted: String,
    unformatted: String,
}

impl From<SsoSigningKey> for SigningKeyView {
    fn from(key: SsoSigningKey) -> Self {
        let unformatted = fingerprint(&key.certificate);
        let letters: Vec<char> = unformatted.chars().collect();
        let bytes: Vec<String> = letters
            .chunks(2)
            .map(|byte| byte.iter().collect())
            .collect();
        let sha256 = Fingerprint {
            formatted: bytes.join(":"),
            unformatted,
        };
        Self {
            id: key.id,
            certificate: key.certificate,
            created_at: key.created_at.into(),
            expires_at: key.expires_at.into(),
            active: key.active,
            fingerprints: Fingerprints { sha256 },
        }
    }
}
