//! `GET /api/one-time-tokens`.

use axum::{extract::State, response::Response};
use identity::one_time_token::Status;
use serde::Deserialize;
use store::{Listed, one_time_token::Filter};
use utoipa::IntoParams;

use super::OneTimeTokenView;
use crate::{
    api::{
        caller::Caller,
        paging::{OptionalPaging, PageParameters},
        query::Query,
    },
    app::App,
    error::ApiError,
};

/// What the list may be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Tokens for this address.
    email: Option<String>,
    /// `active`, `consumed`, `revoked` or `expired`.
    #[param(value_type = Option<String>)]
    status: Option<Status>,
}

/// The tokens, the newest first. The total counts those that a filter leaves out as well.
#[utoipa::path(
    get,
    path = "/one-time-tokens",
    operation_id = "ListOneTimeTokens",
    tag = "One-time tokens",
    params(PageParameters, Asked),
    responses((status = 200, body = Vec<OneTimeTokenView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    paging: OptionalPaging,
    Query(asked): Query<Asked>,
) -> Result<Response, ApiError> {
    let (tenant, now, page) = (&caller.tenant.id, app.now(), paging.page());
    let filter = Filter {
        email: asked.email,
        status: asked.status,
    };
    let (db, vault) = (app.db(), app.vault());
    let listed = Listed {
        rows: store::one_time_token::page(db, vault, tenant, &filter, page, now).await?,
        total: store::one_time_token::count(db, tenant).await?,
    };
    Ok(paging.answer(&listed.map(|token| OneTimeTokenView::new(tenant, token, now))))
}
