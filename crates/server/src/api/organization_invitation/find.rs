//! `GET /api/organization-invitations/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};

use super::view::InvitationView;
use crate::{api::caller::Caller, app::App, error::ApiError, operation};

/// One invitation.
#[utoipa::path(
    get,
    path = "/organization-invitations/{id}",
    operation_id = "GetOrganizationInvitation",
    tag = "Organization invitations",
    params(("id" = String, Path)),
    responses((status = 200, body = InvitationView))
)]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<InvitationView>, ApiError> {
    let tenant = &caller.tenant.id;
    let found = operation::organization::find_invitation(app.db(), tenant, &id).await?;
    let view = InvitationView::load(app.db(), tenant, found, app.now()).await?;
    Ok(Json(view))
}
