//! `PATCH /api/sso-connectors/{id}/signing-keys/{keyId}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use store::sso_signing_key;
use utoipa::ToSchema;

use super::{saml_connector, view::SigningKeyView};
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// Whether requests are signed with a key.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SsoSigningKeyChange)]
pub(super) struct KeyChange {
    active: bool,
}

/// Signs our requests with a key from now on, in place of the one before, or no longer.
#[utoipa::path(
    patch,
    path = "/sso-connectors/{id}/signing-keys/{keyId}",
    operation_id = "UpdateSsoConnectorSigningKey",
    tag = "SSO connectors",
    params(("id" = String, Path), ("keyId" = String, Path)),
    request_body = KeyChange,
    responses((status = 200, body = SigningKeyView))
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Path((id, key_id)): Path<(String, String)>,
    Input(change): Input<KeyChange>,
) -> Result<Json<SigningKeyView>, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    sso_signing_key::lock(&mut tx, tenant, &id).await?;
    let connector = saml_connector(&mut tx, app.vault(), tenant, &id).await?;
    let keys = sso_signing_key::list(&mut tx, tenant, &id).await?;
    let found = keys.into_iter().find(|key| key.id == key_id);
    let mut key = found.ok_or_else(|| Refused::nothing_to_change("signing key", &key_id))?;
    let signs = connector.config.get("signAuthnRequest");
    if key.active && !change.active && signs.is_some_and(|signs| signs == true) {
        let code = "single_sign_on.can_not_deactivate_signing_key_in_use";
        let message =
            "Requests are signed with this key: turn signing off, or activate another key.";
        return Err(Refused::new(code, message).into());
    }
    if change.active {
        sso_signing_key::activate(&mut tx, tenant, &id, Some(&key_id)).await?;
    } else if key.active {
        sso_signing_key::activate(&mut tx, tenant, &id, None).await?;
    }
    key.active = change.active;
    app.commit(tx).await?;
    Ok(Json(key.into()))
}
