//! A key that signs answers, as callers see it.

use serde::Serialize;
use store::saml_application_secret::SamlApplicationSecret;
use utoipa::ToSchema;

use crate::api::{fingerprint::Fingerprints, millis::Millis};

/// A key that signs the answers to a SAML application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SamlApplicationSecret)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecretView {
    id: String,
    /// What the application is given, as PEM.
    certificate: String,
    created_at: Millis,
    expires_at: Millis,
    /// Whether answers are signed with it.
    active: bool,
    fingerprints: Fingerprints,
}

impl From<SamlApplicationSecret> for SecretView {
    fn from(secret: SamlApplicationSecret) -> Self {
        Self {
            id: secret.id,
            fingerprints: Fingerprints::of(&secret.certificate),
            certificate: secret.certificate,
            created_at: secret.created_at.into(),
            expires_at: secret.expires_at.into(),
            active: secret.active,
        }
    }
}
