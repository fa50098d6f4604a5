//! What people see of a connector in place of what its factory says.

use std::collections::BTreeMap;

use connectors::factory::Factory;
use identity::connector::{Connector, Names};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{connector_factory::FactoryView, text::Text};

/// What people see in place of what the factory says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectorMetadata)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    /// What the provider is known as.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    target: Option<String>,
    /// By language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<BTreeMap<String, String>>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    logo: Option<String>,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    logo_dark: Option<String>,
}

impl Metadata {
    pub(super) fn of(connector: &Connector, factory: &Factory) -> Self {
        let name = (!connector.name.is_empty()).then(|| connector.name.clone().into_inner());
        Self {
            target: (connector.target != factory.target).then(|| connector.target.clone()),
            name,
            logo: connector.logo.clone(),
            logo_dark: connector.logo_dark.clone(),
        }
    }

    /// Lays it over what the factory says.
    pub(super) fn show(&self, shown: &mut FactoryView) {
        if let Some(target) = &self.target {
            shown.target.clone_from(target);
        }
        for (language, name) in self.name.iter().flatten() {
            shown.name.insert(language.clone(), name.clone());
        }
        if let Some(logo) = &self.logo {
            shown.logo.clone_from(logo);
        }
        if self.logo_dark.is_some() {
            shown.logo_dark.clone_from(&self.logo_dark);
        }
    }
}

/// What people shall see in place of what the factory says. Empty texts count as left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = ConnectorMetadataInput)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct NewMetadata {
    /// What the provider is known as.
    target: Option<Text<0, 128>>,
    /// By language.
    name: Option<BTreeMap<String, Text<0, 256>>>,
    /// An address.
    logo: Option<Text<0, 2048>>,
    /// An address.
    logo_dark: Option<Text<0, 2048>>,
}

impl NewMetadata {
    /// The target, when it says one.
    pub(super) fn target(&self) -> Option<&str> {
        self.target.as_deref().filter(|target| !target.is_empty())
    }

    /// Puts what it says into a connector; the target stays when it says none.
    pub(super) fn apply(self, connector: &mut Connector) {
        if let Some(target) = self.target() {
            target.clone_into(&mut connector.target);
        }
        let filled =
            |text: Option<Text<0, 2048>>| text.map(String::from).filter(|text| !text.is_empty());
        let names = self.name.unwrap_or_default().into_iter();
        let names = names.map(|(language, name)| (language, String::from(name)));
        let names: BTreeMap<_, _> = names.filter(|(_, name)| !name.is_empty()).collect();
        connector.name = Names::from(names);
        connector.logo = filled(self.logo);
        connector.logo_dark = filled(self.logo_dark);
    }
}
