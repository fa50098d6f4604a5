//! `GET /api/hooks/{id}/recent-logs`.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::DAY;
use crate::{
    api::{
        caller::Caller,
        log::{LogView, Window},
        paging::{PageParameters, Paging},
        query::Query,
    },
    app::App,
    error::ApiError,
};

/// The calls of a hook, the newest first: those of the last 24 hours, unless a time is given.
#[utoipa::path(
    get,
    path = "/hooks/{id}/recent-logs",
    operation_id = "ListHookRecentLogs",
    tag = "Hooks",
    params(("id" = String, Path), PageParameters, Window),
    responses((status = 200, body = Vec<LogView>))
)]
pub(super) async fn recent_logs(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    paging: Paging,
    Query(mut window): Query<Window>,
) -> Result<Response, ApiError> {
    window.check()?;
    window.begin_unless_given(app.now_millis() - DAY);
    let wanted = store::log::Wanted {
        hook_id: Some(&id),
        ..window.wanted()
    };
    let listed = store::log::page(
        app.db(),
        &caller.tenant.id,
        wanted,
        paging.page(),
        window.most(),
    );
    let views = listed.await?.map(|log| LogView::new(None, log));
    Ok(paging.answer_capped(&views, window.most()))
}
