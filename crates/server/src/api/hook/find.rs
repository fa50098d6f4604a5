//! `GET /api/hooks/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DAY, HookView};
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What the hook may be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Whether it brings how its calls went; any value says yes.
    include_execution_stats: Option<String>,
}

/// One hook.
#[utoipa::path(
    get,
    path = "/hooks/{id}",
    operation_id = "GetHook",
    tag = "Hooks",
    params(("id" = String, Path), Asked),
    responses((status = 200, body = HookView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<HookView>, ApiError> {
    let tenant = &caller.tenant.id;
    let hook = store::hook::find(app.db(), app.vault(), tenant, &id).await?;
    let hook = hook.ok_or_else(|| Refused::not_exists("hook", &id))?;
    let view = HookView::new(tenant, hook);
    if asked.include_execution_stats.is_none() {
        return Ok(Json(view));
    }
    let since = app.now_millis() - DAY;
    let calls = store::log::calls(app.db(), tenant, Some(&id), since).await?;
    Ok(Json(view.with(&calls)))
}
