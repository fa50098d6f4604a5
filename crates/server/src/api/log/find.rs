//! `GET /api/logs/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::LogView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// One log.
#[utoipa::path(
    get,
    path = "/logs/{id}",
    operation_id = "GetLog",
    tag = "Audit logs",
    params(("id" = String, Path)),
    responses((status = 200, body = LogView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<LogView>, ApiError> {
    let tenant = &caller.tenant.id;
    let log = store::log::find(app.db(), tenant, &id).await?;
    let log = log.ok_or_else(|| Refused::not_exists("log", &id))?;
    Ok(Json(LogView::new(Some(tenant), log)))
}
