//! `DELETE /api/saml-applications/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::saml_application};

/// Forgets a SAML application, with its keys and the requests that nobody has answered yet.
#[utoipa::path(
    delete,
    path = "/saml-applications/{id}",
    operation_id = "DeleteSamlApplication",
    tag = "SAML applications",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    saml_application::delete(&mut tx, &caller.tenant.id, &id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
