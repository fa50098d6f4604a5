//! `GET /api/logs`.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use store::log::Wanted;
use utoipa::IntoParams;

use super::{LogView, Window};
use crate::{
    api::{
        caller::Caller,
        paging::{PageParameters, Paging},
        query::Query,
    },
    app::App,
    error::ApiError,
};

/// Whom the logs concern.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Concerned {
    /// Only logs about this user.
    user_id: Option<String>,
    /// Only logs about this application.
    application_id: Option<String>,
}

/// What happened at sign-ins, with tokens and in scripts, the newest first.
#[utoipa::path(
    get,
    path = "/logs",
    operation_id = "ListLogs",
    tag = "Audit logs",
    params(PageParameters, Concerned, Window),
    responses((status = 200, body = Vec<LogView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Query(concerned): Query<Concerned>,
    Query(window): Query<Window>,
) -> Result<Response, ApiError> {
    window.check()?;
    let tenant = &caller.tenant.id;
    app.audit().flush(&app).await?; // what this node has seen is there to be read
    let wanted = Wanted {
        user_id: concerned.user_id.as_deref(),
        application_id: concerned.application_id.as_deref(),
        ..window.wanted()
    };
    let page = paging.page();
    let listed = store::log::page(app.db(), tenant, wanted, page, window.most()).await?;
    let views = listed.map(|log| LogView::new(Some(tenant), log));
    Ok(paging.answer_capped(&views, window.most()))
}
