//! `DELETE /api/secrets/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets the tokens of another provider that are kept for somebody.
#[utoipa::path(
    delete,
    path = "/secrets/{id}",
    operation_id = "DeleteSecret",
    tag = "Secrets",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::secret::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("secret", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
