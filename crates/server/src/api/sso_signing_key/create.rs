//! `POST /api/sso-connectors/{id}/signing-keys`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use protocol::jose::SigningAlgorithm;
use serde::Deserialize;
use store::sso_signing_key::{self, SsoSigningKey};
use utoipa::ToSchema;

use super::{saml_connector, view::SigningKeyView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    certificate::certify,
    error::ApiError,
    key::{self, NotGenerated},
    operation::OperationError,
};

/// How a key begins.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSsoSigningKey)]
pub(super) struct NewKey {
    /// Whether requests are signed with it from now on.
    #[serde(default)]
    active: bool,
}

/// Makes a key that can sign our requests to a SAML provider. An active one takes the place of the one before.
#[utoipa::path(
    post,
    path = "/sso-connectors/{id}/signing-keys",
    operation_id = "CreateSsoConnectorSigningKey",
    tag = "SSO connectors",
    params(("id" = String, Path)),
    request_body = NewKey,
    responses((status = 201, body = SigningKeyView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewKey>,
) -> Result<(StatusCode, Json<SigningKeyView>), ApiError> {
    let (tenant, vault) = (&caller.tenant.id, app.vault());
    saml_connector(app.db(), vault, tenant, &id).await?;
    let (mut key, private_key) = generate(&app, &id).await?;
    let mut tx = caller.begin(&app).await?;
    sso_signing_key::lock(&mut tx, tenant, &id).await?;
    sso_signing_key::insert(&mut tx, vault, tenant, &id, &key, &private_key).await?;
    if new.active {
        sso_signing_key::activate(&mut tx, tenant, &id, Some(&key.id)).await?;
        key.active = true;
    }
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// RSA keys take long to find: that happens beside the requests.
async fn generate(app: &App, connector_id: &str) -> Result<(SsoSigningKey, Vec<u8>), ApiError> {
    let (name, serial, now) = (connector_id.to_owned(), app.random_bytes::<16>(), app.now());
    let made = tokio::task::spawn_blocking(move || {
        let key = key::generate(SigningAlgorithm::RS256)?;
        let certificate = certify(&key, &name, &serial, now)?;
        let private_key = key.to_pkcs8().map_err(|_| NotGenerated)?;
        Ok::<_, NotGenerated>((certificate, private_key.to_vec()))
    });
    let made = made
        .await
        .map_err(|error| ApiError::Internal(Box::new(error)))?;
    let (certificate, private_key) = made.map_err(OperationError::from)?;
    let key = SsoSigningKey {
        id: app.random_id(21),
        certificate: certificate.pem,
        active: false,
        created_at: now,
        expires_at: certificate.expires_at,
    };
    Ok((key, private_key))
}
