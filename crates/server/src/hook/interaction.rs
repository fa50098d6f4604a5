//! What hooks are told of sign-ins on our pages (`contract/logto-core.md` §9.1).

use identity::{identifier::Identifier, user::User};
use protocol::grant::limit::Excess;
use serde_json::{Map, Value, json};
use store::{StoreError, Tx};

use super::{Event, enqueue, is_wanted, person::person};
use crate::{
    app::App,
    arriving::Sender,
    interaction::{CurrentInteraction, InteractionEvent},
    tenant::Tenant,
};

/// Tells that a person has signed in, registered or set a new password, in the transaction that makes it so.
///
/// # Errors
/// When the database fails.
pub async fn completed(
    app: &App,
    tx: &mut Tx,
    current: &CurrentInteraction,
    user_id: &str,
) -> Result<(), StoreError> {
    let tenant = &current.browser.tenant;
    let (post, data) = match current.event {
        InteractionEvent::SignIn => (
            Event::PostSignIn,
            current.changes_user.then_some(Event::UserDataUpdated),
        ),
        InteractionEvent::Register => (Event::PostRegister, Some(Event::UserCreated)),
        InteractionEvent::ForgotPassword => {
            (Event::PostResetPassword, Some(Event::UserDataUpdated))
        }
    };
    let is_data_wanted = data.is_some_and(|event| is_wanted(tenant, event));
    if !is_wanted(tenant, post) && !is_data_wanted {
        return Ok(());
    }
    let Some(user) = store::user::find(&mut *tx, &tenant.id, user_id).await? else {
        return Ok(());
    };
    let mut shared = Map::new();
    shared.insert("interactionEvent".to_owned(), current.event.as_str().into());
    shared.insert("sessionId".to_owned(), current.id_hash.clone().into());
    let client_id = &current.interaction.request.client_id;
    if let Some(application) = store::application::find(&mut *tx, &tenant.id, client_id).await? {
        let application = json!({
            "id": application.id,
            "type": application.kind,
            "name": application.name,
            "description": application.description,
        });
        shared.insert("application".to_owned(), application);
    }
    let is_document = tenant.is_document(client_id);
    if is_document {
        shared.insert("cimdClientId".to_owned(), client_id.clone().into());
    }
    let sender = Sender::current();
    if let Some(event) = data {
        let mut told = of_sender(&sender, "ip");
        told.extend(shared.clone());
        if !is_document {
            told.insert("applicationId".to_owned(), client_id.clone().into());
        }
        told.insert("data".to_owned(), person(&user));
        enqueue(app, tx, tenant, event, user_id, told).await?;
    }
    let mut told = of_sender(&sender, "userIp");
    told.extend(shared);
    told.insert("userId".to_owned(), user_id.into());
    told.insert("user".to_owned(), person(&user));
    enqueue(app, tx, tenant, post, user_id, told).await
}

/// Tells that an account was made or changed on the way of a sign-in that is not done yet.
///
/// # Errors
/// When the database fails.
pub async fn changed(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    event: Event,
    user: &User,
) -> Result<(), StoreError> {
    if !is_wanted(tenant, event) {
        return Ok(());
    }
    let mut told = of_sender(&Sender::current(), "ip");
    let during = InteractionEvent::SignIn.as_str();
    told.insert("interactionEvent".to_owned(), during.into());
    told.insert("data".to_owned(), person(user));
    enqueue(app, tx, tenant, event, &user.id, told).await
}

/// Tells that an account, or a name that nobody has, is locked.
///
/// # Errors
/// When the database fails.
pub async fn locked_out(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    identifier: &Identifier,
) -> Result<(), StoreError> {
    let mut told = of_sender(&Sender::current(), "ip");
    told.insert(
        "interactionEvent".to_owned(),
        InteractionEvent::SignIn.as_str().into(),
    );
    told.insert("type".to_owned(), kind(identifier).into());
    told.insert("value".to_owned(), identifier.as_str().into());
    let subject = identifier.as_str();
    enqueue(app, tx, tenant, Event::IdentifierLockout, subject, told).await
}

/// Tells that a person's oldest sign-ins at an application ended, because it may have only `most` at once.
///
/// # Errors
/// When the database fails.
pub async fn limited(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    (user_id, client_id): (&str, &str),
    most: usize,
    excess: &Excess,
) -> Result<(), StoreError> {
    let mut told = of_sender(&Sender::current(), "ip");
    let data = json!({
        "userId": user_id,
        "applicationId": client_id,
        "revokedGrantIds": excess.grant_ids,
        "maxAllowedGrants": most,
        "preRevocationActiveGrantCount": excess.sign_ins,
    });
    told.extend(data.as_object().cloned().unwrap_or_default());
    enqueue(app, tx, tenant, Event::GrantLimitExceeded, user_id, told).await
}

/// The type of an identifier.
pub const fn kind(identifier: &Identifier) -> &'static str {
    match identifier {
        Identifier::Username(_) => "username",
        Identifier::Email(_) => "email",
        Identifier::Phone(_) => "phone",
    }
}

fn of_sender(sender: &Sender, ip: &str) -> Map<String, Value> {
    let told = json!({
        ip: sender.ip.map(|ip| ip.to_string()),
        "userAgent": sender.agent(),
    });
    told.as_object().cloned().unwrap_or_default()
}
