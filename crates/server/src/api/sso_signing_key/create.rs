//! `POST /api/sso-connectors/{id}/signing-keys`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::sso_signing_key::{self, SsoSigningKey};
use utoipa::ToSchema;

use super::{saml_connector, view::SigningKeyView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    certificate::{YEARS, certified_key},
    error::ApiError,
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
    let made = certified_key(&app, &id, YEARS).await?;
    let mut key = SsoSigningKey {
        id: app.random_id(21),
        certificate: made.certificate.pem,
        active: false,
        created_at: app.now(),
        expires_at: made.certificate.expires_at,
    };
    let mut tx = caller.begin(&app).await?;
    sso_signing_key::lock(&mut tx, tenant, &id).await?;
    sso_signing_key::insert(&mut tx, vault, tenant, &id, &key, &made.private_key).await?;
    if new.active {
        sso_signing_key::activate(&mut tx, tenant, &id, Some(&key.id)).await?;
        key.active = true;
    }
    app.commit(tx).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}
