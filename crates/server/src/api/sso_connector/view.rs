//! The identity provider of an enterprise as callers see it.

use connectors::{
    secret::{Unknown, masked},
    sso::Provider,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::sso_connector::SsoConnector;
use utoipa::ToSchema;

use crate::{
    api::{millis::Millis, text::Text},
    app::App,
    tenant::Tenant,
};

/// The identity provider of an enterprise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoConnector)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct SsoConnectorView {
    tenant_id: String,
    id: String,
    provider_name: String,
    connector_name: String,
    /// Secrets are shown as `••••••••`; sent back so, they stay what they are.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    domains: Vec<String>,
    #[schema(value_type = Object)]
    branding: Map<String, Value>,
    sync_profile: bool,
    enable_token_storage: bool,
    created_at: Millis,
}

/// The same with what its kind is, and what the provider says of itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoConnectorWithProvider)]
#[serde(rename_all = "camelCase")]
pub(super) struct FullView {
    #[serde(flatten)]
    connector: SsoConnectorView,
    /// What people call its kind.
    name: String,
    /// `oidc` or `saml`.
    provider_type: &'static str,
    provider_logo: String,
    provider_logo_dark: String,
    /// Absent while the provider cannot be reached, or is not configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    provider_config: Option<Value>,
}

/// What people see of it. Empty texts count as left out.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SsoBrandingInput)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrandingInput {
    display_name: Option<Text<0, 256>>,
    /// An address.
    logo: Option<Text<0, 2048>>,
    /// An address.
    dark_logo: Option<Text<0, 2048>>,
}

impl BrandingInput {
    pub(crate) fn into_map(self) -> Map<String, Value> {
        let members = [
            ("displayName", self.display_name.map(String::from)),
            ("logo", self.logo.map(String::from)),
            ("darkLogo", self.dark_logo.map(String::from)),
        ];
        members
            .into_iter()
            .filter_map(|(name, text)| {
                Some((
                    name.to_owned(),
                    text.filter(|text| !text.is_empty())?.into(),
                ))
            })
            .collect()
    }
}

impl SsoConnectorView {
    pub(in crate::api) fn new(tenant: &str, connector: SsoConnector) -> Self {
        let config = match Provider::named(&connector.provider_name) {
            Some(provider) => masked(connector.config, &provider),
            None => masked(connector.config, &Unknown),
        };
        Self {
            tenant_id: tenant.to_owned(),
            id: connector.id,
            provider_name: connector.provider_name,
            connector_name: connector.connector_name,
            config,
            domains: connector.domains,
            branding: connector.branding,
            sync_profile: connector.sync_profile,
            enable_token_storage: connector.stores_tokens,
            created_at: connector.created_at.into(),
        }
    }
}

impl FullView {
    /// Asks the provider what it says of itself.
    pub(super) async fn load(
        app: &App,
        tenant: &Tenant,
        provider: Provider,
        connector: SsoConnector,
    ) -> Self {
        let inspected = match provider.read(&connector.config) {
            Ok(config) => provider.inspect(app.http(), &config).await.ok(),
            Err(_) => None,
        };
        let (id, endpoint) = (&connector.id, &tenant.endpoint);
        let provider_config = inspected.map(|mut said| {
            if let Some(members) = said.as_object_mut().filter(|said| said.contains_key("identityProvider")) {
                let service = json!({
                    "entityId": format!("{endpoint}/enterprise-sso/{id}"),
                    "assertionConsumerServiceUrl": format!("{endpoint}/api/authn/single-sign-on/saml/{id}"),
                });
                members.insert("serviceProvider".to_owned(), service);
            }
            said
        });
        Self {
            connector: SsoConnectorView::new(&tenant.id, connector),
            name: provider.title.to_owned(),
            provider_type: provider.protocol.as_str(),
            provider_logo: provider.logo(),
            provider_logo_dark: provider.logo(),
            provider_config,
        }
    }
}
