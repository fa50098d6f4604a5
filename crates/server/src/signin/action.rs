//! The tenant's scripts that have a word in sign-ins (`contract/logto-core.md` §10.2).

use identity::{
    action::{self, Asked},
    experience::IdentifierKind,
    identifier::Identifier,
    password, script_context,
    user::User,
};
use protocol::{secret::Secret, time::Time};
use serde_json::{Map, Value, json};
use store::user::{Change, Changes};

use super::attempt::case;
use crate::{
    app::App,
    error::{Cause, Failure, PageError},
    hook::{self, Event},
    operation::user::Record,
    script::action::{Action, OnExecutionError},
    tenant::Tenant,
};

/// Asks the script about a password that is wrong here. It may vouch for the person, who then has an account with that password.
///
/// So people come along from elsewhere at their first sign-in. `None` also when there is no script, or when it fails.
pub(super) async fn after_first_factor(
    app: &App,
    tenant: &Tenant,
    identifier: &Identifier,
    user: Option<User>,
    given: &str,
    now: Time,
) -> Result<Option<User>, PageError> {
    let Some(script) = &tenant.actions.post_first_factor else {
        return Ok(None);
    };
    let is_offered = tenant
        .experience
        .password_identifiers()
        .contains(&identifier.kind());
    if !is_offered || user.as_ref().is_some_and(|user| user.is_suspended) {
        return Ok(None);
    }
    let event = json!({
        "key": "PostFirstFactorVerification",
        "interactionEvent": "SignIn",
        "verificationType": "Password",
        "identifier": { "type": kind(identifier), "value": identifier.as_str() },
        "user": user.as_ref().map(script_context::account),
        "password": given,
    });
    match migrate(app, tenant, script, event, (identifier, user), given, now).await {
        Ok(user) => Ok(user),
        Err(cause) => {
            log(tenant, cause.as_ref());
            Ok(None)
        }
    }
}

/// Asks the script about a person who is about to be signed in, and does what it asks for.
///
/// # Errors
/// When the script fails and its operator wants no sign-ins then.
pub(super) async fn after_sign_in(
    app: &App,
    tenant: &Tenant,
    user: &User,
    now: Time,
) -> Result<(), PageError> {
    let Some(script) = &tenant.actions.post_sign_in else {
        return Ok(());
    };
    let done = refresh(app, tenant, script, user, now).await;
    match (done, script.on_execution_error) {
        (Ok(()), _) => Ok(()),
        (Err(cause), OnExecutionError::Block) => Err(Failure::Internal(cause).into()),
        (Err(cause), OnExecutionError::Allow) => {
            log(tenant, cause.as_ref());
            Ok(())
        }
    }
}

fn log(tenant: &Tenant, cause: &(dyn std::error::Error + Send + Sync)) {
    tracing::warn!(tenant = tenant.id, "a script for sign-ins failed: {cause}");
}

async fn migrate(
    app: &App,
    tenant: &Tenant,
    script: &Action,
    event: Value,
    (identifier, user): (&Identifier, Option<User>),
    given: &str,
    now: Time,
) -> Result<Option<User>, Cause> {
    let result = script.run(app.scripts(), event).await?;
    let asked = action::after_first_factor(result, user.as_ref())?;
    if asked == Asked::Nothing {
        return Ok(None);
    }
    let (text, salt) = (Secret::new(given), app.random_bytes());
    let hashed = app
        .hashes()
        .run(move || password::hash(text.reveal(), salt))
        .await?;
    let mut tx = app.db().begin().await?;
    let (id, event) = match (asked, user) {
        (Asked::Create(members), None) => {
            let mut made = record(members)?.into_user(&app.random_id(12), now)?;
            carries(&mut made, identifier)?;
            made.password = Some(hashed);
            store::user::insert(&mut tx, &tenant.id, &made, case(tenant)).await?;
            (made.id, Event::UserCreated)
        }
        (Asked::Update(members), Some(user)) => {
            let changes = changes(members, now)?;
            store::user::update(&mut tx, &tenant.id, &user.id, &changes, case(tenant), now).await?;
            store::user::set_password(&mut tx, &tenant.id, &user.id, Some(&hashed), now).await?;
            (user.id, Event::UserDataUpdated)
        }
        _ => return Ok(None),
    };
    let user = store::user::find(&mut tx, &tenant.id, &id).await?;
    if let Some(user) = &user {
        hook::interaction::changed(app, &mut tx, tenant, event, user).await?;
    }
    tx.commit().await?;
    Ok(user)
}

async fn refresh(
    app: &App,
    tenant: &Tenant,
    script: &Action,
    user: &User,
    now: Time,
) -> Result<(), Cause> {
    let event = json!({
        "key": "PostSignIn",
        "interactionEvent": "SignIn",
        "user": script_context::account(user),
    });
    let result = script.run(app.scripts(), event).await?;
    if let Asked::Update(members) = action::after_sign_in(result, user)? {
        let changes = changes(members, now)?;
        let mut tx = app.db().begin().await?;
        store::user::update(&mut tx, &tenant.id, &user.id, &changes, case(tenant), now).await?;
        if let Some(user) = store::user::find(&mut tx, &tenant.id, &user.id).await? {
            hook::interaction::changed(app, &mut tx, tenant, Event::UserDataUpdated, &user).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Only what an account says of itself: not its id, its times, or whether it is barred.
fn record(mut members: Map<String, Value>) -> Result<Record, Cause> {
    const MEMBERS: [&str; 7] = [
        "username",
        "primaryEmail",
        "primaryPhone",
        "name",
        "avatar",
        "profile",
        "customData",
    ];
    members.retain(|name, _| MEMBERS.contains(&name.as_str()));
    Ok(serde_json::from_value(Value::Object(members))?)
}

/// The new account is the one of whoever typed `identifier`, and of nobody else.
fn carries(user: &mut User, identifier: &Identifier) -> Result<(), Cause> {
    let held = match identifier.kind() {
        IdentifierKind::Username => &mut user.username,
        IdentifierKind::Email => &mut user.primary_email,
        IdentifierKind::Phone => &mut user.primary_phone,
    };
    let held = held.get_or_insert_with(|| identifier.as_str().to_owned());
    if held != identifier.as_str() {
        return Err(Box::new(action::Fault::Identifier));
    }
    Ok(())
}

fn changes(members: Map<String, Value>, now: Time) -> Result<Changes, Cause> {
    let given = |name: &str| members.contains_key(name);
    let (name, avatar) = (given("name"), given("avatar"));
    let (profile, data) = (given("profile"), given("customData"));
    let read = record(members)?.into_user("", now)?;
    Ok(Changes {
        name: change(name, read.name),
        avatar: change(avatar, read.avatar),
        profile: change(profile, read.profile),
        custom_data: change(data, read.custom_data),
        ..Changes::default()
    })
}

fn change<T>(is_given: bool, value: T) -> Change<T> {
    if is_given {
        Change::To(value)
    } else {
        Change::Keep
    }
}

const fn kind(identifier: &Identifier) -> &'static str {
    match identifier.kind() {
        IdentifierKind::Username => "username",
        IdentifierKind::Email => "email",
        IdentifierKind::Phone => "phone",
    }
}
