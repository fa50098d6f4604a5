//! `DELETE /api/custom-profile-fields/{name}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// Forgets a field; it goes from the sign-in experience and the account center too.
#[utoipa::path(
    delete,
    path = "/custom-profile-fields/{name}",
    operation_id = "DeleteCustomProfileFieldByName",
    tag = "Custom profile fields",
    params(("name" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    operation::profile_field::remove(&mut tx, &caller.tenant.id, &name).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
