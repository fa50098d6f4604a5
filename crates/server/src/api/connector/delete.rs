//! `DELETE /api/connectors/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// Forgets a connector, its button on the sign-in page and the tokens that were kept.
#[utoipa::path(
    delete,
    path = "/connectors/{id}",
    operation_id = "DeleteConnector",
    tag = "Connectors",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    operation::connector::remove(&mut tx, app.vault(), &caller.tenant.id, &id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
