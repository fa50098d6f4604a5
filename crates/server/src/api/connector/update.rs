//! `PATCH /api/connectors/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{metadata::NewMetadata, view::ConnectorView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::{self, Refused, connector::pruned},
};

/// What may change. Configuration and metadata are replaced as a whole, except for the target, which cannot change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConnectorChange {
    /// `••••••••` stands for the secret that is stored, as long as the addresses that it is sent to stay.
    #[schema(nullable = false, value_type = Option<Object>)]
    config: Option<Map<String, Value>>,
    #[schema(nullable = false)]
    metadata: Option<NewMetadata>,
    #[schema(nullable = false)]
    sync_profile: Option<bool>,
    /// Turned off, the tokens that were kept go.
    #[schema(nullable = false)]
    enable_token_storage: Option<bool>,
}

/// Changes a connector.
#[utoipa::path(
    patch,
    path = "/connectors/{id}",
    operation_id = "UpdateConnector",
    tag = "Connectors",
    params(("id" = String, Path)),
    request_body = ConnectorChange,
    responses((status = 200, body = ConnectorView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<ConnectorChange>,
) -> Result<Json<ConnectorView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    store::connector::lock(&mut tx, tenant).await?;
    let (mut connector, factory) =
        operation::connector::find(&mut tx, app.vault(), tenant, &id).await?;
    if let Some(metadata) = change.metadata {
        let other = metadata
            .target()
            .filter(|target| *target != connector.target);
        if factory.is_standard && other.is_some() {
            let message =
                "The target of a connector cannot change: people's identities are stored under it.";
            return Err(Refused::new("connector.can_not_modify_target", message).into());
        }
        metadata.apply(&mut connector);
    }
    if let Some(config) = change.config.map(pruned) {
        let before = std::mem::replace(&mut connector.config, config);
        operation::connector::unmask(factory, &mut connector.config, Some(&before))?;
    }
    connector.sync_profile = change.sync_profile.unwrap_or(connector.sync_profile);
    connector.stores_tokens = change
        .enable_token_storage
        .unwrap_or(connector.stores_tokens);
    operation::connector::change(&mut tx, app.vault(), tenant, factory, &connector).await?;
    app.commit(tx).await?;
    Ok(Json(ConnectorView::new(factory, connector)))
}
