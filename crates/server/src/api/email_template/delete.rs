//! `DELETE /api/email-templates/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets a message: the connector's own counts again.
#[utoipa::path(
    delete,
    path = "/email-templates/{id}",
    operation_id = "DeleteEmailTemplate",
    tag = "Email templates",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::email_template::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("e-mail template", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
