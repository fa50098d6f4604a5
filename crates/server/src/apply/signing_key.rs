//! Keys that sign what we say in SAML: others know the certificate, so the key moves along with the settings.

use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::{jose, time::Time};
use rustls::{
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use serde::{Deserialize, Serialize};

use super::{
    kind::{is_default, sized},
    organization::check_plain,
};
use crate::operation::Refused;

/// A key and its certificate.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SigningKey {
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) active: bool,
    /// When the certificate ends, in milliseconds.
    pub(super) expires_at: i64,
    /// PEM.
    pub(super) certificate: String,
    /// Base64 of PKCS#8, on one line: it comes from a variable.
    pub(super) private_key: String,
}

/// The private part stays out of logs.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

/// The only one that is active, if one is.
pub(super) fn active(keys: &[SigningKey]) -> Option<&str> {
    let active = keys.iter().find(|key| key.active);
    active.map(|key| key.id.as_str())
}

/// Those of the first that the others do not have; whether they are active does not matter.
pub(super) fn without<'a>(
    keys: &'a [SigningKey],
    others: &'a [SigningKey],
) -> impl Iterator<Item = &'a SigningKey> {
    keys.iter()
        .filter(move |key| !others.iter().any(|other| other.is_same(key)))
}

pub(super) fn check_keys(keys: &[SigningKey]) -> Result<(), Refused> {
    if keys.iter().filter(|key| key.active).count() > 1 {
        let message = "one of `signingKeys` is `active` at most";
        return Err(Refused::new("guard.invalid_input", message));
    }
    Ok(())
}

pub(super) fn settle_keys(keys: &mut [SigningKey]) {
    keys.sort_by(|a, b| a.id.cmp(&b.id));
    for key in keys {
        key.expires_at = key.end().as_millis();
    }
}

impl SigningKey {
    pub(super) fn new(id: String, certificate: String, private_key: &[u8], end: Time) -> Self {
        Self {
            id,
            active: false,
            expires_at: end.as_millis(),
            certificate,
            private_key: STANDARD.encode(private_key),
        }
    }

    /// When the certificate ends.
    pub(super) const fn end(&self) -> Time {
        Time(self.expires_at.div_euclid(1000))
    }

    /// The private part, if it is that of the certificate.
    pub(super) fn checked(&self) -> Result<Vec<u8>, Refused> {
        sized("id", &self.id, 1, 21)?;
        check_plain(&self.id)?;
        let invalid = |message: &str| {
            let message = format!("the signing key {:?}: {message}", self.id);
            Refused::new("guard.invalid_input", message)
        };
        let private_key = STANDARD
            .decode(&self.private_key)
            .map_err(|_| invalid("`privateKey` must be PKCS#8 in base64, on one line"))?;
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes())
            .map_err(|_| invalid("`certificate` must be PEM"))?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(private_key.clone()));
        CertifiedKey::from_der(vec![certificate], der, &default_provider())
            .map_err(|_| invalid("`privateKey` is not that of `certificate`"))?;
        let key = jose::SigningKey::from_der(&private_key);
        if !key.is_ok_and(|key| !key.algorithm().is_elliptic()) {
            return Err(invalid("`privateKey` must be an RSA key"));
        }
        Ok(private_key)
    }

    fn is_same(&self, other: &Self) -> bool {
        (
            &self.id,
            &self.certificate,
            &self.private_key,
            self.expires_at,
        ) == (
            &other.id,
            &other.certificate,
            &other.private_key,
            other.expires_at,
        )
    }
}
