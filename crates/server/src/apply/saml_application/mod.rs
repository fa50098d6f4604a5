//! Applications that take SAML answers.

mod signing_key;

use std::collections::BTreeMap;

use protocol::{
    client::ApplicationType,
    saml::{name_id::NameIdFormat, service_provider::ServiceProvider},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{
    application::{self, Application, CustomClientMetadata, OidcClientMetadata},
    saml_application, saml_application_secret,
};

use super::{
    application::{access::AccessControl, experience, secret::Secrets},
    kind::{Hide, Kind, World, is_default, mentioned, object, shaped_input, sized},
    organization::check_plain,
    signing_key::{SigningKey, check_keys, settle_keys},
};
use crate::{
    api::saml_application::{AcsUrlShape, EncryptionShape},
    operation::{self, OperationError, Refused},
    random,
};

/// An application that takes SAML answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SamlApplication {
    id: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    entity_id: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    acs_url: Option<Map<String, Value>>,
    #[serde(default)]
    name_id_format: NameIdFormat,
    #[serde(default, skip_serializing_if = "is_default")]
    attribute_mapping: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "is_default")]
    encryption: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "is_default")]
    custom_data: Map<String, Value>,
    /// What it is shown as instead of what the tenant's sign-in experience says.
    #[serde(default, skip_serializing_if = "is_default")]
    sign_in_experience: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    access_control: AccessControl,
    #[serde(default, skip_serializing_if = "is_default")]
    secrets: Secrets,
    /// What signs our answers to it. A new application gets one of ours where the document does not say which.
    #[serde(
        default,
        skip_serializing_if = "is_default",
        deserialize_with = "mentioned"
    )]
    signing_keys: Option<Vec<SigningKey>>,
}

impl Kind for SamlApplication {
    const SECTION: &'static str = "samlApplications";
    const NOUN: &'static str = "SAML application";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["name"]];
    const PARTIAL: &'static [&'static str] = &["signInExperience", "accessControl"];
    const NAMED: &'static [(&'static str, &'static str)] =
        &[("secrets", "name"), ("signingKeys", "id")];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let found = application::list(&mut *world.tx, world.tenant).await?;
        let found = found.into_iter();
        let mut applications = Vec::new();
        for found in found.filter(|found| found.kind == ApplicationType::Saml) {
            let provider = saml_application::find(&mut *world.tx, world.tenant, &found.id).await?;
            let provider = provider.unwrap_or_default();
            let mut application = Self {
                sign_in_experience: experience::read(world, &found.id).await?,
                access_control: AccessControl::read(world, &found).await?,
                secrets: Secrets::read(world, &found).await?,
                signing_keys: Some(signing_key::read(world, &found.id).await?),
                id: Some(found.id),
                name: found.name,
                description: found.description,
                entity_id: provider.entity_id,
                acs_url: provider.acs_url.as_ref().map(object),
                name_id_format: provider.name_id_format,
                attribute_mapping: provider.attribute_mapping,
                encryption: provider.encryption.as_ref().map(object),
                custom_data: found.custom_data,
            };
            application.settle();
            applications.push(application);
        }
        applications.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(applications)
    }

    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        self.check()?;
        let id = self.id.clone().unwrap_or_else(|| random::id(21));
        let application = self.save(world, &id, before.is_some()).await?;
        let held = before.map(|before| &before.secrets);
        self.secrets.write(world, &application, held).await?;
        let held = before.map(|before| &before.sign_in_experience);
        experience::write(world, &id, &self.sign_in_experience, held).await?;
        let held = before.and_then(|before| before.signing_keys.as_deref());
        match &self.signing_keys {
            Some(keys) => signing_key::write(world, &id, keys, held.unwrap_or_default()).await?,
            None => signing_key::draw(world, &id).await?,
        }
        self.access_control.write(world, &id).await
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        match &self.id {
            Some(id) => operation::saml_application::delete(world.tx, world.tenant, id).await,
            None => Ok(()),
        }
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn settle(&mut self) {
        if let Ok(provider) = self.provider() {
            self.acs_url = provider.acs_url.as_ref().map(object);
            self.encryption = provider.encryption.as_ref().map(object);
        }
        self.access_control.settle();
        self.secrets.settle();
        settle_keys(self.signing_keys.as_deref_mut().unwrap_or_default());
    }

    fn conceal(&mut self, hide: Hide<'_>) {
        self.secrets.conceal(&self.name, hide);
        for key in self.signing_keys.iter_mut().flatten() {
            hide(&["saml", &self.name, &key.id], &mut key.private_key);
        }
    }
}

impl SamlApplication {
    fn check(&self) -> Result<(), Refused> {
        if let Some(id) = &self.id {
            sized("id", id, 1, 128)?;
            check_plain(id)?;
        }
        sized("name", &self.name, 1, 256)?;
        if let Some(id) = &self.entity_id {
            sized("entityId", id, 1, 128)?;
        }
        self.secrets.check()?;
        check_keys(self.signing_keys.as_deref().unwrap_or_default())?;
        let provider = self.provider()?;
        // One by one, so that what is wrong has its line.
        let (acs_url, encryption) = (provider.acs_url, provider.encryption);
        let (mapping, none) = (provider.attribute_mapping, ServiceProvider::default);
        for (name, part) in [
            (
                "attributeMapping",
                ServiceProvider {
                    attribute_mapping: mapping,
                    ..none()
                },
            ),
            ("acsUrl", ServiceProvider { acs_url, ..none() }),
            (
                "encryption",
                ServiceProvider {
                    encryption,
                    ..none()
                },
            ),
        ] {
            part.check().map_err(|refused| {
                Refused::new(refused.code, format!("{} (`{name}`)", refused.message))
            })?;
        }
        Ok(())
    }

    /// What is particular to it.
    fn provider(&self) -> Result<ServiceProvider, Refused> {
        let acs_url = self.acs_url.as_ref();
        let acs_url = acs_url.map(|it| shaped_input::<AcsUrlShape>("acsUrl", it, ACS_URL));
        let encryption = self.encryption.as_ref();
        let encryption =
            encryption.map(|it| shaped_input::<EncryptionShape>("encryption", it, ENCRYPTION));
        Ok(ServiceProvider {
            attribute_mapping: self.attribute_mapping.clone(),
            entity_id: self.entity_id.clone(),
            acs_url: acs_url.transpose()?.map(Into::into),
            encryption: encryption.transpose()?.map(Into::into),
            name_id_format: self.name_id_format,
        })
    }

    /// Writes what every application has and what is particular to it.
    async fn save(
        &self,
        world: &mut World<'_>,
        id: &str,
        is_held: bool,
    ) -> Result<Application, OperationError> {
        let tenant = world.tenant;
        let mut application = Application {
            id: id.to_owned(),
            name: self.name.clone(),
            description: self.description.clone(),
            kind: ApplicationType::Saml,
            is_third_party: false,
            access_control_enabled: self.access_control.enabled,
            oidc_client_metadata: OidcClientMetadata::default(),
            custom_client_metadata: CustomClientMetadata::default(),
            custom_data: self.custom_data.clone(),
            created_at: world.now,
        };
        if is_held {
            saml_application_secret::lock(world.tx, tenant, id).await?;
            let held = operation::application::find(&mut *world.tx, tenant, id).await?;
            application.oidc_client_metadata = held.oidc_client_metadata;
            application.custom_client_metadata = held.custom_client_metadata;
        }
        let wanted = operation::saml_application::SamlApplication {
            application,
            provider: self.provider()?,
        };
        if is_held {
            operation::saml_application::save(world.tx, tenant, &wanted).await?;
        } else {
            operation::saml_application::register(world.tx, tenant, &wanted).await?;
        }
        Ok(wanted.application)
    }
}

const ACS_URL: &[&str] = &["binding", "url"];
const ENCRYPTION: &[&str] = &["encryptAssertion", "encryptThenSign", "certificate"];
