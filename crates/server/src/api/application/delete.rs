//! `DELETE /api/applications/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::application};

/// Forgets an application, with its secrets, roles and everything that people allowed it.
#[utoipa::path(
    delete,
    path = "/applications/{id}",
    operation_id = "DeleteApplication",
    tag = "Applications",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let mut tx = caller.begin(&app).await?;
    if let Some(found) = store::application::find(&mut tx, tenant, &id).await? {
        application::not_saml(found.kind)?;
    }
    application::delete(&mut tx, tenant, &id).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
