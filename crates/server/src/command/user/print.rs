//! Accounts as they are printed. Never with a password's hash.

use identity::user::User;
use protocol::time::Time;
use serde_json::{Map, Value, json};

use crate::command::{Context, output};

/// As Logto's API writes a user (`contract/logto-api.md` §2.2).
pub(super) fn value(user: &User) -> Value {
    let identities: Map<String, Value> = user
        .identities
        .iter()
        .map(|(target, identity)| {
            (
                target.clone(),
                json!({ "userId": identity.user_id, "details": identity.details }),
            )
        })
        .collect();
    json!({
        "id": user.id, "username": user.username, "primaryEmail": user.primary_email, "primaryPhone": user.primary_phone,
        "name": user.name, "avatar": user.avatar, "profile": user.profile, "customData": user.custom_data,
        "identities": identities, "applicationId": user.application_id, "isSuspended": user.is_suspended,
        "hasPassword": user.password.is_some(), "lastSignInAt": user.last_sign_in_at.map(Time::as_millis),
        "createdAt": user.created_at.as_millis(), "updatedAt": user.updated_at.as_millis(),
    })
}

/// What a person is recognised by.
pub(super) fn name(user: &User) -> &str {
    let names = [
        &user.username,
        &user.primary_email,
        &user.primary_phone,
        &user.name,
    ];
    names
        .into_iter()
        .flatten()
        .next()
        .map_or(&user.id, |name| name)
}

pub(super) fn list(context: &Context, users: &[User], total: i64) -> anyhow::Result<()> {
    if context.json {
        return output::json(&users.iter().map(value).collect::<Vec<_>>());
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let row = |user: &User| {
        let state = if user.is_suspended { "suspended" } else { "" };
        vec![
            user.id.clone(),
            text(&user.username),
            text(&user.primary_email),
            text(&user.primary_phone),
            text(&user.name),
            output::time(user.created_at),
            state.to_owned(),
        ]
    };
    output::table(
        &[
            "ID",
            "USERNAME",
            "E-MAIL",
            "PHONE",
            "NAME",
            "CREATED (UTC)",
            "",
        ],
        users.iter().map(row).collect(),
        "no users",
    )?;
    if i64::try_from(users.len()).is_ok_and(|shown| shown < total) {
        output::remark(&format!(
            "{} of {total}; --limit and --offset show others",
            users.len()
        ));
    }
    Ok(())
}

pub(super) fn one(context: &Context, user: &User) -> anyhow::Result<()> {
    if context.json {
        return output::json(&value(user));
    }
    let mut fields = vec![("id", user.id.clone())];
    let texts = [
        ("username", &user.username),
        ("e-mail", &user.primary_email),
        ("phone", &user.primary_phone),
        ("name", &user.name),
        ("avatar", &user.avatar),
    ];
    fields.extend(
        texts
            .into_iter()
            .filter_map(|(name, value)| value.clone().map(|value| (name, value))),
    );
    fields.extend(
        user.identities
            .iter()
            .map(|(target, identity)| ("identity", format!("{target}: {}", identity.user_id))),
    );
    fields.push((
        "password",
        user.password
            .as_ref()
            .map_or_else(|| "none".to_owned(), |password| password.algorithm.clone()),
    ));
    fields.push((
        "suspended",
        if user.is_suspended { "yes" } else { "no" }.to_owned(),
    ));
    fields.push((
        "last sign-in",
        user.last_sign_in_at
            .map_or_else(|| "never".to_owned(), output::time),
    ));
    fields.push(("created", output::time(user.created_at)));
    Ok(output::record(&fields)?)
}
