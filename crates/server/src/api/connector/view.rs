//! A connector as callers see it.

use connectors::{factory::Factory, secret::masked};
use identity::connector::Connector;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::metadata::Metadata;
use crate::api::connector_factory::FactoryView;

/// A connector: what its factory says of it, and what is its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connector)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConnectorView {
    #[serde(flatten)]
    factory: FactoryView,
    /// The id of its factory.
    connector_id: String,
    /// Secrets are shown as `••••••••`; sent back so, they stay what they are.
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    metadata: Metadata,
    sync_profile: bool,
    enable_token_storage: bool,
}

impl ConnectorView {
    pub(super) fn new(factory: &Factory, connector: Connector) -> Self {
        let metadata = Metadata::of(&connector, factory);
        let mut shown = FactoryView::from(factory);
        metadata.show(&mut shown);
        shown.id = connector.id;
        Self {
            factory: shown,
            connector_id: connector.factory,
            config: masked(connector.config, factory),
            metadata,
            sync_profile: connector.sync_profile,
            enable_token_storage: connector.stores_tokens,
        }
    }
}
