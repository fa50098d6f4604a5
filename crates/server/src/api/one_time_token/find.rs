//! `GET /api/one-time-tokens/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::OneTimeTokenView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// One token.
#[utoipa::path(
    get,
    path = "/one-time-tokens/{id}",
    operation_id = "GetOneTimeToken",
    tag = "One-time tokens",
    params(("id" = String, Path)),
    responses((status = 200, body = OneTimeTokenView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<OneTimeTokenView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = store::one_time_token::find(app.db(), app.vault(), tenant, &id).await?;
    let token = found.ok_or_else(|| Refused::not_exists("one-time token", &id))?;
    Ok(Json(OneTimeTokenView::new(tenant, token, app.now())))
}
