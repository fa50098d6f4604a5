//! `GET /api/configs/oidc/{keyType}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::{KeyType, OidcKey, list};
use crate::{api::caller::Caller, app::App, error::ApiError};

/// The keys, without their values.
#[utoipa::path(
    get,
    path = "/configs/oidc/{keyType}",
    operation_id = "GetOidcKeys",
    tag = "Configs",
    params(("keyType" = inline(KeyType), Path)),
    responses((status = 200, body = Vec<OidcKey>))
)]
pub(super) async fn keys(
    State(app): State<App>,
    caller: Caller,
    Path(kind): Path<KeyType>,
) -> Result<Json<Vec<OidcKey>>, ApiError> {
    Ok(Json(list(&app, &caller.tenant.id, kind).await?))
}
