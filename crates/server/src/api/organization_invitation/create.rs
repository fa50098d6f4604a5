//! `POST /api/organization-invitations`.

use axum::{Json, extract::State, http::StatusCode};
use identity::identifier;
use protocol::time::Time;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Map, Value};
use store::{
    Tx,
    organization_invitation::{self, OrganizationInvitation, Status},
    relation::{self, ORGANIZATION_INVITATION_ROLES, ORGANIZATION_USERS},
};
use utoipa::ToSchema;

use super::{
    message::{self, MessagePayload},
    view::InvitationView,
};
use crate::{
    api::{caller::Caller, input::Input, list::Ids, organization::relation::refused, text::Text},
    app::App,
    arriving::to_the_end,
    error::ApiError,
    operation::{Refused, organization::unknown},
};

/// Whom to ask.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewInvitation {
    /// The user who asks.
    inviter_id: Option<Text<1, 128>>,
    /// An e-mail address.
    invitee: Text<1, 256>,
    organization_id: Text<1, 128>,
    /// In milliseconds.
    #[schema(maximum = 253_402_300_799_999_i64)]
    expires_at: i64,
    /// What comes with it.
    #[serde(default)]
    organization_role_ids: Ids,
    /// What the message says; `false` sends none.
    #[serde(default)]
    #[schema(value_type = WishDocument, required = false)]
    message_payload: Wish,
}

/// Whether a message goes out, and what its placeholders stand for.
#[derive(Debug, Default)]
struct Wish(Option<Map<String, Value>>);

impl<'de> Deserialize<'de> for Wish {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(false) => Ok(Self(None)),
            Value::Object(payload) => Ok(Self(Some(payload))),
            _ => Err(D::Error::custom("expected false or an object")),
        }
    }
}

/// `false`, or what the message's placeholders stand for.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationInvitationMessage)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the document reads it")]
enum WishDocument {
    None(bool),
    Message(MessagePayload),
}

/// Asks somebody to join an organization.
#[utoipa::path(
    post,
    path = "/organization-invitations",
    operation_id = "CreateOrganizationInvitation",
    tag = "Organization invitations",
    request_body = NewInvitation,
    responses((status = 201, body = InvitationView))
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewInvitation>,
) -> Result<(StatusCode, Json<InvitationView>), ApiError> {
    let (tenant, now) = (&caller.tenant.id, app.now());
    let invitation = new.invitation(app.random_id(21), now)?;
    if new.message_payload.0.is_some() {
        message::admit(&app, &caller, &invitation.invitee).await?;
    }
    let organization_id = &invitation.organization_id;
    let mut tx = caller.begin(&app).await?;
    check_free(&mut tx, tenant, &invitation).await?;
    organization_invitation::revoke_expired(
        &mut tx,
        tenant,
        organization_id,
        &invitation.invitee,
        now,
    )
    .await?;
    organization_invitation::insert(&mut tx, tenant, &invitation)
        .await
        .map_err(refused)?;
    let (roles, parent) = (&new.organization_role_ids, [invitation.id.as_str()]);
    let added = relation::add(
        &mut tx,
        ORGANIZATION_INVITATION_ROLES,
        tenant,
        &parent,
        roles,
    )
    .await;
    added.map_err(refused)?;
    let view = InvitationView::load(&mut tx, tenant, invitation.clone(), now).await?;
    match new.message_payload.0 {
        None => app.commit(tx).await?,
        // A client that goes away does not come between the two.
        Some(payload) => {
            to_the_end(keep_and_send(app, caller, tx, invitation, payload)).await?;
        }
    }
    Ok((StatusCode::CREATED, Json(view)))
}

async fn keep_and_send(
    app: App,
    caller: Caller,
    tx: Tx,
    invitation: OrganizationInvitation,
    payload: Map<String, Value>,
) -> Result<(), ApiError> {
    app.commit(tx).await?;
    let sent = message::send(&app, &caller, &invitation, payload).await;
    if sent.is_err() {
        // Nobody learned of it: it goes, so that the caller can try again.
        let mut tx = caller.begin(&app).await?;
        organization_invitation::delete(&mut tx, &caller.tenant.id, &invitation.id).await?;
        app.commit(tx).await?;
    }
    sent
}

impl NewInvitation {
    fn invitation(&self, id: String, now: Time) -> Result<OrganizationInvitation, Refused> {
        let refused = |message: &str| Refused::new("request.invalid_input", message);
        let expires_at = Time(self.expires_at.div_euclid(1000));
        if expires_at <= now {
            return Err(refused("expiresAt must be in the future."));
        }
        if identifier::email(&self.invitee).is_none() {
            let message = "invitee must be an e-mail address.";
            return Err(Refused::new("guard.invalid_input", message));
        }
        Ok(OrganizationInvitation {
            id,
            inviter_id: self.inviter_id.clone().map(String::from),
            invitee: self.invitee.to_string(),
            accepted_user_id: None,
            organization_id: self.organization_id.to_string(),
            status: Status::Pending,
            created_at: now,
            updated_at: now,
            expires_at,
        })
    }
}

/// Members are not asked, and who asks is a user.
async fn check_free(
    tx: &mut Tx,
    tenant: &str,
    invitation: &OrganizationInvitation,
) -> Result<(), ApiError> {
    if let Some(inviter) = &invitation.inviter_id {
        store::user::lock(tx, tenant, inviter).await?;
        let found = store::user::find(&mut *tx, tenant, inviter).await?;
        found.ok_or_else(|| unknown("user", inviter))?;
    }
    let Some(user) = store::user::find_by_email(&mut *tx, tenant, &invitation.invitee).await?
    else {
        return Ok(());
    };
    let organization = [invitation.organization_id.as_str()];
    let members = relation::children(&mut *tx, ORGANIZATION_USERS, tenant, &organization).await?;
    if members.contains(&user.id) {
        let message = "The invitee belongs to the organization already.";
        return Err(Refused::new("request.invalid_input", message)
            .status(422)
            .into());
    }
    Ok(())
}
