//! `DELETE /api/one-time-tokens/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets a token.
#[utoipa::path(
    delete,
    path = "/one-time-tokens/{id}",
    operation_id = "DeleteOneTimeToken",
    tag = "One-time tokens",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::one_time_token::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("one-time token", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
