//! `PUT /api/organization-invitations/{id}/status`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use store::{
    Tx,
    organization_invitation::{self, OrganizationInvitation, Status},
    relation::{self, ORGANIZATION_INVITATION_ROLES, Replaced},
};
use utoipa::ToSchema;

use super::view::{InvitationView, ShownStatus, shown};
use crate::{
    api::{
        caller::Caller,
        input::Input,
        organization::{member::USERS, membership},
        text::Text,
    },
    app::App,
    error::ApiError,
    hook,
    operation::{self, Refused, organization::unknown},
};

/// What becomes of an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvitationEnd {
    status: Ended,
    /// The user who joins; needed to accept.
    accepted_user_id: Option<Text<1, 128>>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[schema(as = EndedOrganizationInvitationStatus)]
enum Ended {
    Accepted,
    Revoked,
}

/// Accepts an invitation, so that the invitee joins with its roles, or takes it back.
#[utoipa::path(
    put,
    path = "/organization-invitations/{id}/status",
    operation_id = "ReplaceOrganizationInvitationStatus",
    tag = "Organization invitations",
    params(("id" = String, Path)),
    request_body = InvitationEnd,
    responses((status = 200, body = InvitationView))
)]
pub(super) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(end): Input<InvitationEnd>,
) -> Result<Json<InvitationView>, ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    let mut tx = caller.begin(&app).await?;
    let invitation = operation::organization::find_invitation(&mut tx, tenant, &id).await?;
    if shown(&invitation, now) != ShownStatus::Pending {
        return Err(refused("The invitation has ended.").into());
    }
    let status = match end.status {
        Ended::Accepted => Status::Accepted,
        Ended::Revoked => Status::Revoked,
    };
    let user_id = end.accepted_user_id.as_deref();
    let user_id = user_id.filter(|_| status == Status::Accepted);
    if !organization_invitation::end(&mut tx, tenant, &id, status, user_id, now).await? {
        return Err(refused("The invitation has ended.").into());
    }
    if status == Status::Accepted {
        let user_id = user_id.ok_or_else(|| refused("acceptedUserId is missing."))?;
        join(&app, &mut tx, &caller, &invitation, user_id).await?;
    }
    let invitation = operation::organization::find_invitation(&mut tx, tenant, &id).await?;
    let view = InvitationView::load(&mut tx, tenant, invitation, now).await?;
    app.commit(tx).await?;
    Ok(Json(view))
}

/// Makes the invitee a member with the roles of the invitation.
async fn join(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    invitation: &OrganizationInvitation,
    user_id: &str,
) -> Result<(), ApiError> {
    let tenant = &caller.tenant.id;
    let user = store::user::find(&mut *tx, tenant, user_id).await?;
    let user = user.ok_or_else(|| unknown("user", user_id))?;
    let email = user.primary_email.unwrap_or_default();
    if email.to_lowercase() != invitation.invitee.to_lowercase() {
        return Err(refused("The user's e-mail address is not the invitee's.").into());
    }
    let organization_id = invitation.organization_id.as_str();
    let added = [user.id.clone()];
    let added = relation::add(tx, USERS.members, tenant, &[organization_id], &added).await?;
    let parent = [invitation.id.as_str()];
    let roles =
        relation::children(&mut *tx, ORGANIZATION_INVITATION_ROLES, tenant, &parent).await?;
    relation::add(
        tx,
        USERS.roles,
        tenant,
        &[organization_id, &user.id],
        &roles,
    )
    .await?;
    let change = Replaced {
        added,
        removed: Vec::new(),
    };
    let told = hook::of_request(caller, 200);
    membership::tell(
        app,
        tx,
        &caller.tenant,
        &USERS,
        organization_id,
        &change,
        told,
    )
    .await?;
    Ok(())
}

fn refused(message: &str) -> Refused {
    Refused::new("request.invalid_input", message).status(422)
}
