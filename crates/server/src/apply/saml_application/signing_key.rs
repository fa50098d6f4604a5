//! What signs our answers to a SAML application.

use store::saml_application_secret::{self, SamlApplicationSecret};

use crate::{
    apply::{
        kind::World,
        signing_key::{SigningKey, active, without},
    },
    certificate::{self, YEARS},
    operation::{OperationError, saml_application},
    random,
};

/// The keys of an application.
pub(super) async fn read(
    world: &mut World<'_>,
    application: &str,
) -> Result<Vec<SigningKey>, OperationError> {
    let (tenant, vault) = (world.tenant, world.vault);
    let mut keys = Vec::new();
    for found in saml_application_secret::list(&mut *world.tx, tenant, application).await? {
        let (tx, id) = (&mut *world.tx, &found.id);
        let key = saml_application_secret::reveal(tx, vault, tenant, application, id).await?;
        let key = key.unwrap_or_default();
        keys.push(SigningKey {
            active: found.active,
            ..SigningKey::new(found.id, found.certificate, &key, found.expires_at)
        });
    }
    Ok(keys)
}

/// Makes these keys those of an application that has `held`.
pub(super) async fn write(
    world: &mut World<'_>,
    application: &str,
    wanted: &[SigningKey],
    held: &[SigningKey],
) -> Result<(), OperationError> {
    let (tenant, vault) = (world.tenant, world.vault);
    // An active key cannot be taken away.
    saml_application_secret::activate(world.tx, tenant, application, None).await?;
    for gone in without(held, wanted) {
        saml_application_secret::delete(world.tx, tenant, application, &gone.id).await?;
    }
    for key in without(wanted, held) {
        let private_key = key.checked()?;
        let record = SamlApplicationSecret {
            id: key.id.clone(),
            certificate: key.certificate.clone(),
            active: false,
            created_at: world.now,
            expires_at: key.end(),
        };
        let tx = &mut *world.tx;
        saml_application_secret::insert(tx, vault, tenant, application, &record, &private_key)
            .await?;
    }
    let active = active(wanted);
    Ok(saml_application_secret::activate(world.tx, tenant, application, active).await?)
}

/// Makes the key that an application begins with.
pub(super) async fn draw(world: &mut World<'_>, application: &str) -> Result<(), OperationError> {
    let (tenant, vault, now) = (world.tenant, world.vault, world.now);
    let (name, serial) = (
        saml_application::certified_name(tenant),
        random::bytes::<16>(),
    );
    let key = certificate::generate(&name, &serial, YEARS, now)?;
    saml_application::add_secret(world.tx, vault, tenant, application, key, true, now).await?;
    Ok(())
}
