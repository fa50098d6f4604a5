//! `DELETE /api/sso-connectors/{id}/signing-keys/{keyId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use store::sso_signing_key;

use super::saml_connector;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets a key that signs nothing.
#[utoipa::path(
    delete,
    path = "/sso-connectors/{id}/signing-keys/{keyId}",
    operation_id = "DeleteSsoConnectorSigningKey",
    tag = "SSO connectors",
    params(("id" = String, Path), ("keyId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((id, key_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    sso_signing_key::lock(&mut tx, tenant, &id).await?;
    saml_connector(&mut tx, app.vault(), tenant, &id).await?;
    let keys = sso_signing_key::list(&mut tx, tenant, &id).await?;
    if keys.iter().any(|key| key.id == key_id && key.active) {
        let code = "single_sign_on.can_not_delete_active_signing_key";
        let message = "The key is active: deactivate it, or activate another one.";
        return Err(Refused::new(code, message).into());
    }
    if !sso_signing_key::delete(&mut tx, tenant, &id, &key_id).await? {
        return Err(Refused::not_found("signing key", &key_id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
