//! `POST /api/sso-connectors`.

use axum::{Json, extract::State};
use connectors::sso::Provider;
use serde::Deserialize;
use serde_json::{Map, Value};
use store::sso_connector::SsoConnector;
use utoipa::ToSchema;

use super::view::{BrandingInput, SsoConnectorView};
use crate::{
    api::{caller::Caller, input::Input, list::Ids, text::Text},
    app::App,
    error::ApiError,
    operation::{
        Refused,
        sso_connector::{check, check_signing, check_tokens, domains, unmask},
    },
};

/// An identity provider to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSsoConnector {
    /// Its kind.
    provider_name: Text<1, 128>,
    connector_name: Text<1, 128>,
    /// What its kind asks for.
    #[serde(default)]
    #[schema(value_type = Object)]
    config: Map<String, Value>,
    /// Whose people sign in with it, by the domain of their address.
    #[serde(default)]
    domains: Ids,
    #[schema(nullable = false)]
    branding: Option<BrandingInput>,
    /// Whether name and picture are taken over at every sign-in.
    #[serde(default)]
    sync_profile: bool,
    /// Whether the provider's tokens are kept.
    #[serde(default)]
    enable_token_storage: bool,
}

/// Adds the identity provider of an enterprise. A configuration is tried before it is stored.
#[utoipa::path(
    post,
    path = "/sso-connectors",
    operation_id = "CreateSsoConnector",
    tag = "SSO connectors",
    request_body = NewSsoConnector,
    responses((status = 200, body = SsoConnectorView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewSsoConnector>,
) -> Result<Json<SsoConnectorView>, ApiError> {
    let tenant = &caller.tenant.id;
    let provider = Provider::named(&new.provider_name).ok_or_else(|| {
        let message = format!("There is no kind of provider {:?}.", &*new.provider_name);
        Refused::new("connector.not_found", message).status(422)
    })?;
    check_tokens(provider, new.enable_token_storage)?;
    let connector = SsoConnector {
        id: app.random_id(12),
        provider_name: provider.name.to_owned(),
        connector_name: new.connector_name.into(),
        config: new.config,
        domains: domains(&new.domains)?,
        branding: new
            .branding
            .map(BrandingInput::into_map)
            .unwrap_or_default(),
        sync_profile: new.sync_profile,
        stores_tokens: new.enable_token_storage,
        created_at: app.now(),
    };
    if !connector.config.is_empty() {
        check_signing(&connector.config, &[])?;
        unmask(provider, &mut connector.config.clone(), None)?;
        check(app.http(), provider, &connector.config).await?;
    }
    let mut tx = caller.begin(&app).await?;
    store::sso_connector::insert(&mut tx, app.vault(), tenant, &connector).await?;
    app.commit(tx).await?;
    Ok(Json(SsoConnectorView::new(tenant, connector)))
}
