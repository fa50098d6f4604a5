//! A kind of connector as callers see it.

use std::collections::BTreeMap;

use connectors::factory::{Factory, Platform};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A kind of connector.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectorFactory)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct FactoryView {
    /// Of the kind; of the connector where one is shown.
    pub id: String,
    /// `Email`, `Sms` or `Social`.
    r#type: &'static str,
    /// What its connectors are known as.
    pub target: String,
    /// `Native`, `Universal` or `Web`; null for messages.
    #[schema(required)]
    platform: Option<&'static str>,
    is_standard: bool,
    is_token_storage_supported: bool,
    /// By language.
    pub name: BTreeMap<String, String>,
    /// By language.
    description: BTreeMap<String, String>,
    /// An address.
    pub logo: String,
    #[schema(required)]
    pub logo_dark: Option<String>,
    /// Markdown.
    readme: String,
    /// The text of a JSON object to start from.
    config_template: String,
    /// What a form asks for.
    #[schema(value_type = Vec<Object>)]
    form_items: Vec<Value>,
    is_demo: bool,
}

impl From<&Factory> for FactoryView {
    fn from(factory: &Factory) -> Self {
        let english = |text: &str| BTreeMap::from([("en".to_owned(), text.to_owned())]);
        Self {
            id: factory.id.to_owned(),
            r#type: factory.purpose.name(),
            target: factory.target.to_owned(),
            platform: factory.platform.map(Platform::name),
            is_standard: factory.is_standard,
            is_token_storage_supported: factory.stores_tokens,
            name: english(factory.name),
            description: english(factory.description),
            logo: factory.logo(),
            logo_dark: None,
            readme: factory.readme(),
            config_template: factory.config_template(),
            form_items: factory.form_items(),
            is_demo: false,
        }
    }
}
