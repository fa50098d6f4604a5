//! `POST /api/organization-invitations/{id}/message`, and the message that goes out with a new invitation.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use connectors::factory::Purpose;
use identity::{message::TemplateType, user::User};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::organization_invitation::OrganizationInvitation;
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input},
    app::App,
    error::ApiError,
    hook::of_request,
    message::{self, Class, Outgoing},
    operation,
};

/// What the placeholders of the message stand for, beside `organization` and `inviter`. Any others may be added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessagePayload {
    #[schema(nullable = false)]
    code: Option<String>,
    /// Where the invitee accepts.
    #[schema(nullable = false)]
    link: Option<String>,
    /// The language of the message.
    #[schema(nullable = false)]
    locale: Option<String>,
    #[schema(nullable = false)]
    ui_locales: Option<String>,
}

/// Sends the message of an invitation.
#[utoipa::path(
    post,
    path = "/organization-invitations/{id}/message",
    operation_id = "CreateOrganizationInvitationMessage",
    tag = "Organization invitations",
    params(("id" = String, Path)),
    request_body = MessagePayload,
    responses((status = 204))
)]
pub(super) async fn message(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(payload): Input<Map<String, Value>>,
) -> Result<StatusCode, ApiError> {
    let tenant = &caller.tenant.id;
    let invitation = operation::organization::find_invitation(app.db(), tenant, &id).await?;
    admit(&app, &caller, &invitation.invitee).await?;
    send(&app, &caller, &invitation, payload).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks that a message can be sent, and counts it.
///
/// # Errors
/// When nothing sends e-mail, or the recipient got too many messages.
pub(super) async fn admit(app: &App, caller: &Caller, to: &str) -> Result<(), ApiError> {
    message::connector(&caller.tenant, Purpose::Email)?;
    let told = of_request(caller, 429);
    message::count(app, &caller.tenant, Class::MessageSend, to, told).await
}

/// Sends the message of an invitation.
///
/// # Errors
/// When it is not taken, or the database fails.
pub(super) async fn send(
    app: &App,
    caller: &Caller,
    invitation: &OrganizationInvitation,
    payload: Map<String, Value>,
) -> Result<(), ApiError> {
    let tenant = &caller.tenant;
    let connector = message::connector(tenant, Purpose::Email)?;
    let mut values = context(app, caller, invitation).await?;
    values.extend(payload);
    let outgoing = Outgoing {
        to: &invitation.invitee,
        usage: TemplateType::OrganizationInvitation,
        payload: values,
        ip: Some(caller.ip.to_string()),
    };
    message::send(app, tenant, connector, outgoing).await
}

async fn context(
    app: &App,
    caller: &Caller,
    invitation: &OrganizationInvitation,
) -> Result<Map<String, Value>, ApiError> {
    let tenant = &caller.tenant.id;
    let organization =
        operation::organization::find(app.db(), tenant, &invitation.organization_id).await?;
    let organization = json!({
        "id": organization.id,
        "name": organization.name,
        "branding": organization.branding,
    });
    let mut values = Map::from_iter([("organization".to_owned(), organization)]);
    if let Some(inviter) = &invitation.inviter_id
        && let Some(user) = store::user::find(app.db(), tenant, inviter).await?
    {
        values.insert("inviter".to_owned(), person(&user));
    }
    Ok(values)
}

fn person(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "primaryEmail": user.primary_email,
        "primaryPhone": user.primary_phone,
        "avatar": user.avatar,
        "profile": user.profile,
    })
}
