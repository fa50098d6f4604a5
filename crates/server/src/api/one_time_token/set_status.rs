//! `PUT /api/one-time-tokens/{id}/status`.

use axum::{
    Json,
    extract::{Path, State},
};
use identity::one_time_token::Status;
use serde::Deserialize;
use utoipa::ToSchema;

use super::OneTimeTokenView;
use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What becomes of a token.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewTokenStatus {
    /// `consumed`, `revoked` or `expired`.
    #[schema(value_type = String)]
    status: Status,
}

/// Makes a token stop working.
#[utoipa::path(
    put,
    path = "/one-time-tokens/{id}/status",
    operation_id = "ReplaceOneTimeTokenStatus",
    tag = "One-time tokens",
    params(("id" = String, Path)),
    request_body = NewTokenStatus,
    responses((status = 200, body = OneTimeTokenView))
)]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<NewTokenStatus>,
) -> Result<Json<OneTimeTokenView>, ApiError> {
    let tenant = &caller.tenant.id;
    if change.status == Status::Active {
        let message = "A one-time token cannot be made active again: make a new one.";
        return Err(Refused::new("one_time_token.cannot_reactivate_token", message).into());
    }
    let mut tx = caller.begin(&app).await?;
    let found = store::one_time_token::find(&mut tx, app.vault(), tenant, &id).await?;
    let mut token = found.ok_or_else(|| Refused::not_exists("one-time token", &id))?;
    store::one_time_token::set_status(&mut tx, tenant, &id, change.status).await?;
    app.commit(tx).await?;
    token.status = change.status;
    Ok(Json(OneTimeTokenView::new(tenant, token, app.now())))
}
