//! `DELETE /api/configs/oidc/{keyType}/{keyId}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::KeyType;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::key};

/// Drops a key: what it signed is not believed any more.
#[utoipa::path(
    delete,
    path = "/configs/oidc/{keyType}/{keyId}",
    operation_id = "DeleteOidcKey",
    tag = "Configs",
    params(("keyType" = inline(KeyType), Path), ("keyId" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete_key(
    State(app): State<App>,
    caller: Caller,
    Path((kind, id)): Path<(KeyType, String)>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    match kind {
        KeyType::PrivateKeys => key::delete(&mut tx, app.vault(), tenant, &id).await?,
        KeyType::CookieKeys => key::delete_cookie_key(&mut tx, app.vault(), tenant, &id).await?,
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
