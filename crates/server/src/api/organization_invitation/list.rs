//! `GET /api/organization-invitations`.

use axum::{Json, extract::State};
use serde::Deserialize;
use store::organization_invitation::{self, Wanted};
use utoipa::IntoParams;

use super::view::InvitationView;
use crate::{
    api::{caller::Caller, query::Query},
    app::App,
    error::ApiError,
};

/// Which invitations are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those to this organization.
    organization_id: Option<String>,
    /// Only those of this user.
    inviter_id: Option<String>,
    /// Only those to this e-mail address, in whatever case.
    invitee: Option<String>,
}

/// The invitations, newest first.
#[utoipa::path(
    get,
    path = "/organization-invitations",
    operation_id = "ListOrganizationInvitations",
    tag = "Organization invitations",
    params(Asked),
    responses((status = 200, body = Vec<InvitationView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<InvitationView>>, ApiError> {
    let tenant = &caller.tenant.id;
    let wanted = Wanted {
        organization_id: asked.organization_id.as_deref(),
        inviter_id: asked.inviter_id.as_deref(),
        invitee: asked.invitee.as_deref(),
    };
    let found = organization_invitation::list(app.db(), tenant, wanted).await?;
    let mut views = Vec::with_capacity(found.len());
    for invitation in found {
        views.push(InvitationView::load(app.db(), tenant, invitation, app.now()).await?);
    }
    Ok(Json(views))
}
