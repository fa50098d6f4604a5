//! `DELETE /api/sso-connectors/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets the identity provider of an enterprise, and what it knew people as.
#[utoipa::path(
    delete,
    path = "/sso-connectors/{id}",
    operation_id = "DeleteSsoConnector",
    tag = "SSO connectors",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::sso_connector::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("SSO connector", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
