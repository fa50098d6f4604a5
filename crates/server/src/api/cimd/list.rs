//! `GET /api/cimd/user-consent-scopes`.

use axum::{Json, extract::State};

use crate::{
    api::{
        application_user_consent_scope::{ConsentScopes, Whose, read},
        caller::Caller,
    },
    app::App,
    error::ApiError,
};

/// What clients may ask people for that are known by the address of their metadata document.
#[utoipa::path(
    get,
    path = "/cimd/user-consent-scopes",
    operation_id = "ListCimdUserConsentScopes",
    tag = "Applications",
    responses((status = 200, body = ConsentScopes))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ConsentScopes>, ApiError> {
    let scopes = read(app.db(), &caller.tenant.id, Whose::Cimd).await?;
    Ok(Json(scopes))
}
