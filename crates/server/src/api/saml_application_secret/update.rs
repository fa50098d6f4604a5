//! `PATCH /api/saml-applications/{id}/secrets/{secretId}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use store::saml_application_secret;
use utoipa::ToSchema;

use super::view::SecretView;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::{Refused, saml_application},
};

/// Whether answers are signed with a key.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SamlApplicationSecretChange)]
pub(super) struct SecretChange {
    active: bool,
}

/// Signs the answers to a SAML application with a key from now on, in place of the one before, or no longer: then nobody can sign in to it.
#[utoipa::path(
    patch,
    path = "/saml-applications/{id}/secrets/{secretId}",
    operation_id = "UpdateSamlApplicationSecret",
    tag = "SAML applications",
    params(("id" = String, Path), ("secretId" = String, Path)),
    request_body = SecretChange,
    responses((status = 200, body = SecretView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path((id, secret_id)): Path<(String, String)>,
    Input(change): Input<SecretChange>,
) -> Result<Json<SecretView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    saml_application_secret::lock(&mut tx, tenant, &id).await?;
    saml_application::find(&mut tx, tenant, &id).await?;
    let secrets = saml_application_secret::list(&mut tx, tenant, &id).await?;
    let found = secrets.into_iter().find(|secret| secret.id == secret_id);
    let mut secret = found.ok_or_else(|| Refused::not_exists("secret", &secret_id))?;
    if secret.active != change.active {
        let active = change.active.then_some(secret_id.as_str());
        saml_application_secret::activate(&mut tx, tenant, &id, active).await?;
        secret.active = change.active;
    }
    app.commit(tx).await?;
    Ok(Json(secret.into()))
}
