//! `GET /api/sso-connectors/{id}/signing-keys`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{saml_connector, view::SigningKeyView};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The keys that can sign our requests to a SAML provider, oldest first.
#[utoipa::path(
    get,
    path = "/sso-connectors/{id}/signing-keys",
    operation_id = "ListSsoConnectorSigningKeys",
    tag = "SSO connectors",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<SigningKeyView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<SigningKeyView>>, ApiError> {
    let tenant = &caller.tenant.id;
    saml_connector(app.db(), app.vault(), tenant, &id).await?;
    let keys = store::sso_signing_key::list(app.db(), tenant, &id).await?;
    Ok(Json(keys.into_iter().map(SigningKeyView::from).collect()))
}
