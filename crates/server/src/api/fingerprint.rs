//! Hashes of a certificate, as callers see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::certificate::fingerprint;

/// Hashes of a certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CertificateFingerprints)]
pub struct Fingerprints {
    sha256: Fingerprint,
}

/// In upper-case hexadecimal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CertificateFingerprint)]
struct Fingerprint {
    /// With a colon after each byte.
    formatted: String,
    unformatted: String,
}

impl Fingerprints {
    /// Those of a certificate in PEM.
    pub fn of(pem: &str) -> Self {
        let unformatted = fingerprint(pem);
        let letters: Vec<char> = unformatted.chars().collect();
        let bytes: Vec<String> = letters
            .chunks(2)
            .map(|byte| byte.iter().collect())
            .collect();
        Self {
            sha256: Fingerprint {
                formatted: bytes.join(":"),
                unformatted,
            },
        }
    }
}
