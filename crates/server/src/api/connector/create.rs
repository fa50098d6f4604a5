//! `POST /api/connectors`.

use axum::{Json, extract::State};
use identity::connector::{Connector, Names};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{metadata::NewMetadata, view::ConnectorView};
use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::{self, Refused, connector::pruned},
};

/// A connector to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewConnector {
    /// The id of its factory.
    connector_id: Text<1, 128>,
    /// What its factory asks for.
    #[serde(default)]
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    #[serde(default)]
    metadata: NewMetadata,
    /// Whether name and picture are taken over at every sign-in.
    #[serde(default)]
    sync_profile: bool,
    /// Whether the provider's tokens are kept.
    #[serde(default)]
    enable_token_storage: bool,
    /// The id, which is part of the callback address; one is made up when it is left out.
    id: Option<Text<1, 128>>,
}

/// Adds a connector. One that sends messages takes the place of the one before.
#[utoipa::path(
    post,
    path = "/connectors",
    operation_id = "CreateConnector",
    tag = "Connectors",
    request_body = NewConnector,
    responses((status = 200, body = ConnectorView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewConnector>,
) -> Result<Json<ConnectorView>, ApiError> {
    let factory = operation::connector::factory(app.config(), &new.connector_id);
    let factory = factory.ok_or_else(|| {
        let message = format!("There is no kind of connector {:?}.", &*new.connector_id);
        Refused::new("connector.not_found_with_connector_id", message)
    })?;
    if let Some(id) = &new.id {
        check_id(id)?;
    }
    let given = if factory.is_standard {
        ""
    } else {
        factory.target
    };
    let mut connector = Connector {
        id: new.id.map_or_else(|| app.random_id(12), String::from),
        factory: factory.id.to_owned(),
        target: given.to_owned(),
        name: Names::default(),
        logo: None,
        logo_dark: None,
        config: pruned(new.config),
        sync_profile: new.sync_profile,
        stores_tokens: new.enable_token_storage,
    };
    new.metadata.apply(&mut connector);
    let (tenant, now) = (&caller.tenant.id, app.now());
    let mut tx = caller.begin(&app).await?;
    operation::connector::add(&mut tx, app.vault(), tenant, factory, &connector, now).await?;
    app.commit(tx).await?;
    Ok(Json(ConnectorView::new(factory, connector)))
}

/// It stands in the callback address.
fn check_id(id: &str) -> Result<(), Refused> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.bytes().all(is_plain) {
        return Ok(());
    }
    let message = "id must be letters, digits, hyphens and underscores.";
    Err(Refused::new("guard.invalid_input", message))
}
