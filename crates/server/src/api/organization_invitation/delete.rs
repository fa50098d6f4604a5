//! `DELETE /api/organization-invitations/{id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{api::caller::Caller, app::App, error::ApiError, operation::Refused};

/// Forgets an invitation.
#[utoipa::path(
    delete,
    path = "/organization-invitations/{id}",
    operation_id = "DeleteOrganizationInvitation",
    tag = "Organization invitations",
    params(("id" = String, Path)),
    responses((status = 204))
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let mut tx = caller.begin(&app).await?;
    if !store::organization_invitation::delete(&mut tx, &caller.tenant.id, &id).await? {
        return Err(Refused::not_found("organization invitation", &id).into());
    }
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
