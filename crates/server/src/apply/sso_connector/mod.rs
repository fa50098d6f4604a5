//! Identity providers of enterprises.

mod signing_key;

use connectors::{
    secret::{Confidential, Unknown, each_secret},
    sso::{Protocol, Provider},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{sso_connector, sso_signing_key};

use super::{
    kind::{Hide, Kind, World, is_default, shaped_input, sized},
    organization::check_plain,
    signing_key::{SigningKey, check_keys, settle_keys},
};
use crate::{
    api::sso_connector::BrandingInput,
    operation::{
        OperationError, Refused,
        connector::refused,
        sso_connector::{check_signing, check_tokens, domains},
    },
    random,
};

/// The identity provider of an enterprise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SsoConnector {
    id: Option<String>,
    provider_name: String,
    connector_name: String,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    branding: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    sync_profile: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    enable_token_storage: bool,
    #[serde(default)]
    config: Map<String, Value>,
    /// What signs our requests to a SAML provider.
    #[serde(default, skip_serializing_if = "is_default")]
    signing_keys: Vec<SigningKey>,
}

impl Kind for SsoConnector {
    const SECTION: &'static str = "ssoConnectors";
    const NOUN: &'static str = "SSO connector";
    const KEYS: &'static [&'static [&'static str]] = &[&["id"], &["connectorName"]];
    const PARTIAL: &'static [&'static str] = &["config", "branding"];
    const NAMED: &'static [(&'static str, &'static str)] = &[("signingKeys", "id")];

    async fn read(world: &mut World<'_>) -> Result<Vec<Self>, OperationError> {
        let mut connectors = Vec::new();
        for found in sso_connector::list(&mut *world.tx, world.vault, world.tenant).await? {
            let mut connector = Self {
                signing_keys: signing_key::read(world, &found.id).await?,
                id: Some(found.id),
                provider_name: found.provider_name,
                connector_name: found.connector_name,
                domains: found.domains,
                branding: found.branding,
                sync_profile: found.sync_profile,
                enable_token_storage: found.stores_tokens,
                config: found.config,
            };
            connector.settle();
            connectors.push(connector);
        }
        connectors.sort_by(|a, b| a.connector_name.cmp(&b.connector_name));
        Ok(connectors)
    }

    /// Providers are not asked whether they are where the configuration says: a document may be applied where they cannot be reached.
    async fn write(
        &self,
        world: &mut World<'_>,
        before: Option<&Self>,
    ) -> Result<(), OperationError> {
        let provider = self.check(before)?;
        let (tenant, vault) = (world.tenant, world.vault);
        let connector = sso_connector::SsoConnector {
            id: self.id.clone().unwrap_or_else(|| random::id(12)),
            provider_name: provider.name.to_owned(),
            connector_name: self.connector_name.clone(),
            config: self.config.clone(),
            domains: domains(&self.domains)?,
            branding: self.branding.clone(),
            sync_profile: self.sync_profile,
            stores_tokens: self.enable_token_storage,
            created_at: world.now,
        };
        let id = &connector.id;
        if before.is_some() {
            sso_signing_key::lock(world.tx, tenant, id).await?;
            if !connector.stores_tokens {
                store::secret::delete_of_sso_connector(world.tx, tenant, id).await?;
            }
            sso_connector::update(world.tx, vault, tenant, &connector).await?;
        } else {
            sso_connector::insert(world.tx, vault, tenant, &connector).await?;
        }
        let held = before.map_or(&[][..], |before| &before.signing_keys);
        signing_key::write(world, id, &self.signing_keys, held).await?;
        let keys = sso_signing_key::list(&mut *world.tx, tenant, id).await?;
        Ok(check_signing(&self.config, &keys)?)
    }

    async fn remove(&self, world: &mut World<'_>) -> Result<(), OperationError> {
        if let Some(id) = &self.id {
            sso_connector::delete(world.tx, world.tenant, id).await?;
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.connector_name.clone()
    }

    fn settle(&mut self) {
        if let Ok(domains) = domains(&self.domains) {
            self.domains = domains;
        }
        if let Ok(branding) = shaped_input::<BrandingInput>("branding", &self.branding, BRANDING) {
            self.branding = branding.into_map();
        }
        settle_keys(&mut self.signing_keys);
    }

    fn conceal(&mut self, hide: Hide<'_>) {
        let name = &self.connector_name;
        let provider = Provider::named(&self.provider_name);
        let rule: &dyn Confidential = match &provider {
            Some(provider) => provider,
            None => &Unknown,
        };
        each_secret(&mut self.config, rule, &mut |path, secret| {
            if let Value::String(text) = secret {
                hide(&[&["sso", name.as_str()], path].concat(), text);
            }
        });
        for key in &mut self.signing_keys {
            hide(&["sso", name, &key.id], &mut key.private_key);
        }
    }
}

const BRANDING: &[&str] = &["displayName", "logo", "darkLogo"];

impl SsoConnector {
    fn check(&self, before: Option<&Self>) -> Result<Provider, Refused> {
        let invalid = |message: &str| Err(Refused::new("guard.invalid_input", message));
        let provider = Provider::named(&self.provider_name).ok_or_else(|| {
            let message = format!("there is no kind of provider {:?}", self.provider_name);
            Refused::new("connector.not_found", message)
        })?;
        if let Some(id) = &self.id {
            sized("id", id, 1, 128)?;
            check_plain(id)?;
        }
        if before.is_some_and(|before| before.provider_name != self.provider_name) {
            return invalid("the `providerName` of an SSO connector cannot change");
        }
        sized("connectorName", &self.connector_name, 1, 128)?;
        shaped_input::<BrandingInput>("branding", &self.branding, BRANDING)?;
        check_tokens(provider, self.enable_token_storage)?;
        if !self.config.is_empty() {
            let read = provider.read(&self.config);
            read.map_err(|error| refused(&error))?;
        }
        if provider.protocol != Protocol::Saml && !self.signing_keys.is_empty() {
            return invalid(
                "requests are signed for SAML providers only: there are no `signingKeys`",
            );
        }
        check_keys(&self.signing_keys)?;
        Ok(provider)
    }
}
