//! `DELETE /api/hooks/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets a hook, and what waits to be told to it.
#[utoipa::path(
    delete,
    path = "/hooks/{id}",
    operation_id = "DeleteHook",
    tag = "Hooks",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::hook::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("hook", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
