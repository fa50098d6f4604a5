//! What signs our requests to a SAML provider: it knows the certificate, so the key moves along with the settings.

use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::time::Time;
use rustls::{
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use serde::{Deserialize, Serialize};
use store::sso_signing_key::{self, SsoSigningKey};

use crate::{
    apply::{
        kind::{World, is_default, sized},
        organization::check_plain,
    },
    operation::{OperationError, Refused},
};

/// A key and its certificate.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SigningKey {
    pub(super) id: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) active: bool,
    /// When the certificate ends, in milliseconds.
    expires_at: i64,
    /// PEM.
    certificate: String,
    /// Base64 of PKCS#8, on one line: it comes from a variable.
    pub(super) private_key: String,
}

/// The private part stays out of logs.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

/// The keys of a connector.
pub(super) async fn read(
    world: &mut World<'_>,
    connector: &str,
) -> Result<Vec<SigningKey>, OperationError> {
    let (tenant, vault) = (world.tenant, world.vault);
    let mut keys = Vec::new();
    for found in sso_signing_key::list(&mut *world.tx, tenant, connector).await? {
        let key =
            sso_signing_key::reveal(&mut *world.tx, vault, tenant, connector, &found.id).await?;
        keys.push(SigningKey {
            private_key: key.map_or_else(String::new, |key| STANDARD.encode(&*key)),
            id: found.id,
            active: found.active,
            expires_at: found.expires_at.as_millis(),
            certificate: found.certificate,
        });
    }
    Ok(keys)
}

/// Makes these keys those of a connector that has `held`.
pub(super) async fn write(
    world: &mut World<'_>,
    connector: &str,
    wanted: &[SigningKey],
    held: &[SigningKey],
) -> Result<(), OperationError> {
    let (tenant, vault) = (world.tenant, world.vault);
    let is_same = |a: &SigningKey, b: &SigningKey| {
        (&a.id, &a.certificate, &a.private_key, a.expires_at)
            == (&b.id, &b.certificate, &b.private_key, b.expires_at)
    };
    for gone in held {
        if !wanted.iter().any(|key| is_same(key, gone)) {
            sso_signing_key::delete(world.tx, tenant, connector, &gone.id).await?;
        }
    }
    for key in wanted {
        if !held.iter().any(|held| is_same(held, key)) {
            let private_key = key.check()?;
            let record = SsoSigningKey {
                id: key.id.clone(),
                certificate: key.certificate.clone(),
                active: false,
                created_at: world.now,
                expires_at: Time(key.expires_at.div_euclid(1000)),
            };
            let tx = &mut *world.tx;
            sso_signing_key::insert(tx, vault, tenant, connector, &record, &private_key).await?;
        }
    }
    let active = wanted.iter().find(|key| key.active);
    let active = active.map(|key| key.id.as_str());
    sso_signing_key::activate(world.tx, tenant, connector, active).await?;
    Ok(())
}

impl SigningKey {
    /// The private part, if it is that of the certificate.
    fn check(&self) -> Result<Vec<u8>, Refused> {
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
        Ok(private_key)
    }
}
