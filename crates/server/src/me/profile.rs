//! `GET /me` and `PATCH /me`.

use axum::{Json, extract::State};
use identity::{
    identifier::{UsernameRefused, check_new_username},
    one_time_token::key,
};
use serde::Deserialize;
use store::user::Change;
use url::Url;

use super::{Me, PROOF_LIFE, find as find_user};
use crate::{
    api::{caller::Caller, input::Input, patch::Patch, text::Text},
    app::App,
    error::ApiError,
    hook::{Event, raise},
    operation::{
        Refused,
        user::{self, Fields},
    },
    tenant::Tenant,
};

/// What may change; name and picture go with `null` or an empty text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MyChange {
    username: Option<Text<1, 128>>,
    primary_email: Option<Text<1, 128>>,
    #[serde(default)]
    name: Patch<Text<0, 128>>,
    #[serde(default)]
    avatar: Patch<Text<0, 2048>>,
}

/// The caller's own account.
pub(super) async fn find(State(app): State<App>, caller: Caller) -> Result<Json<Me>, ApiError> {
    let user = find_user(app.db(), &caller.tenant.id, caller.actor.id()).await?;
    Ok(Json(user.into()))
}

/// Changes the caller's own account. A new e-mail address must have been proven within ten minutes.
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<MyChange>,
) -> Result<Json<Me>, ApiError> {
    let (tenant, id, now) = (&caller.tenant, caller.actor.id(), app.now());
    let email = change.primary_email.map(String::from);
    if let Some(name) = &change.username {
        check_username(tenant, name)?;
    }
    if let Patch::Set(address) = &change.avatar {
        check_avatar(address)?;
    }
    let changes = user::changes(fields(
        change.username,
        email.clone(),
        change.name,
        change.avatar,
    ))?;
    let mut tx = caller.begin(&app).await?;
    find_user(&mut tx, &tenant.id, id).await?;
    if let Some(email) = &email {
        let oldest = now.plus(-PROOF_LIFE);
        let proof = key(email);
        let proven = store::verification_status::take(&mut tx, &tenant.id, id, &proof).await?;
        super::password::check_proof(proven, oldest)?;
    }
    let case = user::case_of(tenant);
    if changes != store::user::Changes::default() {
        store::user::update(&mut tx, &tenant.id, id, &changes, case, now).await?;
    }
    let user = find_user(&mut tx, &tenant.id, id).await?;
    let me = Me::from(user);
    raise(&app, &mut tx, &caller, Event::UserDataUpdated, id, 200, &me).await?;
    app.commit(tx).await?;
    Ok(Json(me))
}

fn fields(
    username: Option<Text<1, 128>>,
    email: Option<String>,
    name: Patch<Text<0, 128>>,
    avatar: Patch<Text<0, 2048>>,
) -> Fields {
    fn patched<T: Into<String>>(patch: Patch<T>) -> Change<Option<String>> {
        match patch {
            Patch::Keep => Change::Keep,
            Patch::Clear => Change::To(None),
            Patch::Set(text) => Change::To(Some(text.into())),
        }
    }
    let given = |value: Option<String>| match value {
        None => Change::Keep,
        value => Change::To(value),
    };
    Fields {
        username: given(username.map(String::from)),
        primary_email: given(email),
        name: patched(name),
        avatar: patched(avatar),
        ..Fields::default()
    }
}

/// A picture of the web, or none.
fn check_avatar(address: &str) -> Result<(), Refused> {
    let is_web = Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_web || address.is_empty() {
        return Ok(());
    }
    let message = "avatar must be an http or https address";
    Err(Refused::new("guard.invalid_input", message))
}

/// People choose their names within the tenant's policy.
fn check_username(tenant: &Tenant, name: &str) -> Result<(), Refused> {
    let policy = &tenant.experience.username_policy;
    check_new_username(name, policy).map_err(|refused| {
        let (code, message) = match refused {
            UsernameRefused::Characters => (
                "user.username_invalid_charset_hard",
                "The user name has characters that are not allowed.",
            ),
            UsernameRefused::Length if name.chars().count() < policy.min_length => {
                ("user.username_too_short", "The user name is too short.")
            }
            UsernameRefused::Length => ("user.username_too_long", "The user name is too long."),
        };
        Refused::new(code, message)
    })
}
