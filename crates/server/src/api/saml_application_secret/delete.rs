//! `DELETE /api/saml-applications/{id}/secrets/{secretId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::saml_application_secret;

use crate::{
    api::caller::Caller,
    app::App,
    error::ApiError,
    operation::{Refused, saml_application},
};

/// Forgets a key that signs nothing.
#[utoipa::path(
    delete,
    path = "/saml-applications/{id}/secrets/{secretId}",
    operation_id = "DeleteSamlApplicationSecret",
    tag = "SAML applications",
    params(("id" = String, Path), ("secretId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((id, secret_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    saml_application_secret::lock(&mut tx, tenant, &id).await?;
    saml_application::find(&mut tx, tenant, &id).await?;
    let secrets = saml_application_secret::list(&mut tx, tenant, &id).await?;
    let is_active = |secret: &saml_application_secret::SamlApplicationSecret| {
        secret.id == secret_id && secret.active
    };
    if secrets.iter().any(is_active) {
        let code = "application.saml.can_not_delete_active_secret";
        let message = "The key is active: activate another one before.";
        return Err(Refused::new(code, message).into());
    }
    if !saml_application_secret::delete(&mut tx, tenant, &id, &secret_id).await? {
        return Err(Refused::not_found("secret", &secret_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
