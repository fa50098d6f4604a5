//! `PATCH /api/sso-connectors/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::sso_signing_key;
use utoipa::ToSchema;

use super::view::{BrandingInput, FullView};
use crate::{
    api::{caller::Caller, input::Input, list::Ids, text::Text},
    app::App,
    error::ApiError,
    operation::{
        Refused,
        sso_connector::{self, check, check_signing, check_tokens, unmask},
    },
};

/// What may change. Configuration, domains and branding are replaced as a whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SsoConnectorChange {
    #[schema(nullable = false)]
    connector_name: Option<Text<1, 128>>,
    /// `••••••••` stands for the secret that is stored, as long as the addresses that it is sent to stay.
    #[schema(nullable = false, value_type = Option<Object>)]
    config: Option<Map<String, Value>>,
    #[schema(nullable = false)]
    domains: Option<Ids>,
    #[schema(nullable = false)]
    branding: Option<BrandingInput>,
    #[schema(nullable = false)]
    sync_profile: Option<bool>,
    /// Turned off, the tokens that were kept go.
    #[schema(nullable = false)]
    enable_token_storage: Option<bool>,
}

/// Changes the identity provider of an enterprise. A new configuration is tried before it is stored.
#[utoipa::path(
    patch,
    path = "/sso-connectors/{id}",
    operation_id = "UpdateSsoConnector",
    tag = "SSO connectors",
    params(("id" = String, Path)),
    request_body = SsoConnectorChange,
    responses((status = 200, body = FullView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<SsoConnectorChange>,
) -> Result<Json<FullView>, ApiError> {
    let (tenant, vault) = (&caller.tenant, app.vault());
    let domains = change
        .domains
        .map(|domains| sso_connector::domains(&domains))
        .transpose()?;
    let (known, provider) = sso_connector::find(app.db(), vault, &tenant.id, &id).await?;
    if let Some(mut config) = change.config.clone() {
        unmask(provider, &mut config, Some(&known.config))?;
        check(app.http(), provider, &config).await?;
    }
    let mut tx = caller.begin(&app).await?;
    sso_signing_key::lock(&mut tx, &tenant.id, &id).await?;
    let (mut connector, _) = sso_connector::find(&mut tx, vault, &tenant.id, &id).await?;
    connector.connector_name = change
        .connector_name
        .map_or(connector.connector_name, String::from);
    if let Some(config) = change.config {
        let before = std::mem::replace(&mut connector.config, config);
        unmask(provider, &mut connector.config, Some(&before))?;
    }
    connector.domains = domains.unwrap_or(connector.domains);
    connector.branding = change
        .branding
        .map_or(connector.branding, BrandingInput::into_map);
    connector.sync_profile = change.sync_profile.unwrap_or(connector.sync_profile);
    connector.stores_tokens = change
        .enable_token_storage
        .unwrap_or(connector.stores_tokens);
    check_tokens(provider, connector.stores_tokens)?;
    let keys = sso_signing_key::list(&mut tx, &tenant.id, &id).await?;
    check_signing(&connector.config, &keys)?;
    if !connector.stores_tokens {
        store::secret::delete_of_sso_connector(&mut tx, &tenant.id, &id).await?;
    }
    if !store::sso_connector::update(&mut tx, vault, &tenant.id, &connector).await? {
        return Err(Refused::nothing_to_change("SSO connector", &id).into());
    }
    app.commit(tx).await?;
    Ok(Json(
        FullView::load(&app, tenant, provider, connector).await,
    ))
}
