//! Registering applications that take SAML answers (`contract/logto-api.md` §5.6).

use protocol::{client::ApplicationType, saml::service_provider::ServiceProvider, time::Time};
use serde_json::{Map, Value};
use store::{
    Tx, Vault,
    application::{self, Application, CustomClientMetadata, OidcClientMetadata, access},
    saml_application,
    saml_application_secret::{self, SamlApplicationSecret},
};

use super::{OperationError, Refused, application as registered};
use crate::{certificate::CertifiedKey, oidc::subject::Reads, random};

/// An application that is to be registered.
#[derive(Clone, Debug)]
pub struct NewSamlApplication {
    /// What people see it called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What administrators store.
    pub custom_data: Map<String, Value>,
    /// What is particular to it.
    pub provider: ServiceProvider,
}

/// An application that takes SAML answers.
#[derive(Clone, Debug)]
pub struct SamlApplication {
    /// What every application has.
    pub application: Application,
    /// What is particular to it.
    pub provider: ServiceProvider,
}

/// Registers an application whose answers are signed with `key`. There may be any number: that Logto allows three is a matter of its licence.
///
/// # Errors
/// When a setting cannot be, or the database fails.
pub async fn create(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    new: NewSamlApplication,
    key: CertifiedKey,
    now: Time,
) -> Result<SamlApplication, OperationError> {
    let application = Application {
        id: random::id(21),
        name: new.name,
        description: new.description,
        kind: ApplicationType::Saml,
        is_third_party: false,
        access_control_enabled: false,
        // Its only address is ours, and known.
        oidc_client_metadata: OidcClientMetadata::default(),
        custom_client_metadata: CustomClientMetadata::default(),
        custom_data: new.custom_data,
        created_at: now,
    };
    let made = SamlApplication {
        application,
        provider: new.provider,
    };
    register(tx, tenant, &made).await?;
    let application = &made.application;
    let name = registered::DEFAULT_SECRET.to_owned();
    registered::add_secret(tx, vault, tenant, application, name, None, now).await?;
    add_secret(tx, vault, tenant, &application.id, key, true, now).await?;
    Ok(made)
}

/// Registers an application whose id is known, without secrets and keys.
///
/// # Errors
/// When a setting cannot be, the id is taken, or the database fails.
pub async fn register(
    tx: &mut Tx,
    tenant: &str,
    new: &SamlApplication,
) -> Result<(), OperationError> {
    let SamlApplication {
        application,
        provider,
    } = new;
    provider.check()?;
    application::insert(tx, tenant, application).await?;
    Ok(saml_application::set(tx, tenant, &application.id, provider).await?)
}

/// Who the certificates of a tenant's SAML applications are made out to.
pub fn certified_name(tenant: &str) -> String {
    format!("Hufu {tenant}")
}

/// Remembers a key that can sign an application's answers.
///
/// # Errors
/// When another one is active as well, or the database fails.
pub async fn add_secret(
    tx: &mut Tx,
    vault: &Vault,
    tenant: &str,
    application_id: &str,
    key: CertifiedKey,
    active: bool,
    now: Time,
) -> Result<SamlApplicationSecret, OperationError> {
    let secret = SamlApplicationSecret {
        id: random::id(21),
        certificate: key.certificate.pem,
        active,
        created_at: now,
        expires_at: key.certificate.expires_at,
    };
    let private_key = &key.private_key;
    saml_application_secret::insert(tx, vault, tenant, application_id, &secret, private_key)
        .await?;
    Ok(secret)
}

/// The application with this id.
///
/// # Errors
/// When there is none, it takes no SAML answers, or the database fails.
pub(crate) async fn find(
    reads: &mut impl Reads,
    tenant: &str,
    id: &str,
) -> Result<SamlApplication, OperationError> {
    let application = registered::find(reads.source(), tenant, id).await?;
    only_saml(application.kind)?;
    let provider = saml_application::find(reads.source(), tenant, id).await?;
    Ok(SamlApplication {
        application,
        provider: provider.unwrap_or_default(),
    })
}

/// Writes an application that was changed.
///
/// # Errors
/// When a setting cannot be, access control would let nobody in, there is none, or the database fails.
pub async fn update(
    tx: &mut Tx,
    tenant: &str,
    changed: &SamlApplication,
) -> Result<(), OperationError> {
    let application = &changed.application;
    if application.access_control_enabled {
        let rules = access::find(&mut *tx, tenant, &application.id).await?;
        registered::check_access(true, &rules)?;
    }
    save(tx, tenant, changed).await
}

/// Writes an application that was changed, whether or not somebody may use it.
///
/// # Errors
/// When a setting cannot be, or the database fails.
pub async fn save(
    tx: &mut Tx,
    tenant: &str,
    changed: &SamlApplication,
) -> Result<(), OperationError> {
    let SamlApplication {
        application,
        provider,
    } = changed;
    provider.check()?;
    application::update(tx, tenant, application).await?;
    Ok(saml_application::set(tx, tenant, &application.id, provider).await?)
}

/// Forgets an application with everything that belongs to it.
///
/// # Errors
/// When there is none, it takes no SAML answers, or the database fails.
pub async fn delete(tx: &mut Tx, tenant: &str, id: &str) -> Result<(), OperationError> {
    if let Some(found) = application::find(&mut *tx, tenant, id).await? {
        only_saml(found.kind)?;
    }
    registered::delete(tx, tenant, id).await
}

fn only_saml(kind: ApplicationType) -> Result<(), Refused> {
    if kind == ApplicationType::Saml {
        return Ok(());
    }
    let message = "This is no SAML application: it is managed at /api/applications.";
    Err(Refused::new(
        "application.saml.saml_application_only",
        message,
    ))
}
