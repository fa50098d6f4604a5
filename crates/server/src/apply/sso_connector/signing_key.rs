//! What signs our requests to a SAML provider.

use store::sso_signing_key::{self, SsoSigningKey};

use crate::{
    apply::{
        kind::World,
        signing_key::{SigningKey, active, without},
    },
    operation::OperationError,
};

/// The keys of a connector.
pub(super) async fn read(
    world: &mut World<'_>,
    connector: &str,
) -> Result<Vec<SigningKey>, OperationError> {
    let (tenant, vault) = (world.tenant, world.vault);
    let mut keys = Vec::new();
    for found in sso_signing_key::list(&mut *world.tx, tenant, connector).await? {
        let tx = &mut *world.tx;
        let key = sso_signing_key::reveal(tx, vault, tenant, connector, &found.id).await?;
        let key = key.unwrap_or_default();
        keys.push(SigningKey {
            active: found.active,
            ..SigningKey::new(found.id, found.certificate, &key, found.expires_at)
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
    for gone in without(held, wanted) {
        sso_signing_key::delete(world.tx, tenant, connector, &gone.id).await?;
    }
    for key in without(wanted, held) {
        let private_key = key.checked()?;
        let record = SsoSigningKey {
            id: key.id.clone(),
            certificate: key.certificate.clone(),
            active: false,
            created_at: world.now,
            expires_at: key.end(),
        };
        let tx = &mut *world.tx;
        sso_signing_key::insert(tx, vault, tenant, connector, &record, &private_key).await?;
    }
    sso_signing_key::activate(world.tx, tenant, connector, active(wanted)).await?;
    Ok(())
}
