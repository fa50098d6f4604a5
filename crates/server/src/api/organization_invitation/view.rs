//! An invitation as callers see it.

use protocol::time::Time;
use serde::Serialize;
use store::{
    Source,
    organization_invitation::{OrganizationInvitation, Status},
    organization_role,
};
use utoipa::ToSchema;

use crate::{
    api::{millis::Millis, organization::RoleName},
    error::ApiError,
};

/// Who is asked to join an organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OrganizationInvitation)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvitationView {
    tenant_id: String,
    id: String,
    inviter_id: Option<String>,
    /// An e-mail address.
    invitee: String,
    accepted_user_id: Option<String>,
    organization_id: String,
    status: ShownStatus,
    created_at: Millis,
    updated_at: Millis,
    expires_at: Millis,
    /// What comes with it.
    organization_roles: Vec<RoleName>,
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OrganizationInvitationStatus)]
pub(super) enum ShownStatus {
    Pending,
    Accepted,
    Expired,
    Revoked,
}

/// What is pending beyond its time has expired.
pub(super) fn shown(invitation: &OrganizationInvitation, now: Time) -> ShownStatus {
    match invitation.status {
        Status::Pending if invitation.expires_at <= now => ShownStatus::Expired,
        Status::Pending => ShownStatus::Pending,
        Status::Accepted => ShownStatus::Accepted,
        Status::Revoked => ShownStatus::Revoked,
    }
}

impl InvitationView {
    /// The invitation with its roles.
    pub(super) async fn load(
        source: impl Source,
        tenant: &str,
        invitation: OrganizationInvitation,
        now: Time,
    ) -> Result<Self, ApiError> {
        let roles = organization_role::of_invitation(source, tenant, &invitation.id).await?;
        Ok(Self {
            tenant_id: tenant.to_owned(),
            status: shown(&invitation, now),
            id: invitation.id,
            inviter_id: invitation.inviter_id,
            invitee: invitation.invitee,
            accepted_user_id: invitation.accepted_user_id,
            organization_id: invitation.organization_id,
            created_at: invitation.created_at.into(),
            updated_at: invitation.updated_at.into(),
            expires_at: invitation.expires_at.into(),
            organization_roles: roles.into_iter().map(RoleName::from).collect(),
        })
    }
}
