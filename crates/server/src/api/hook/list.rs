//! `GET /api/hooks`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DAY, HookView};
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        query::{Query, Truthy},
    },
    app::App,
    error::ApiError,
};

/// What the list may be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Whether each hook brings how its calls went.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    include_execution_stats: Truthy,
}

/// The hooks, the newest first.
#[utoipa::path(
    get,
    path = "/hooks",
    operation_id = "ListHooks",
    tag = "Hooks",
    params(PageParameters, Asked),
    responses((status = 200, body = Vec<HookView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: OptionalPaging,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let tenant = &caller.tenant.id;
    let listed = store::hook::page(app.db(), app.vault(), tenant, paging.page()).await?;
    let mut views = listed.map(|hook| HookView::new(tenant, hook));
    if asked.include_execution_stats.0 {
        let since = app.now_millis() - DAY;
        let calls = store::log::calls(app.db(), tenant, None, since).await?;
        views = views.map(|view| view.with(&calls));
    }
    Ok(paging.answer(&views))
}
