//! `GET|POST /callback/{connector}` — back from a provider.

use std::collections::HashMap;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use connectors::social::{Started, profile};
use identity::{
    connector::Connector,
    social::{SocialDecision, SocialProfile, decide},
    user::{SocialIdentity, User},
};
use protocol::time::Time;
use store::{
    Conflict, StoreError, Tx,
    user::{Change, Changes, UsernameCase},
};

use super::{action, attempt::case};
use crate::{
    app::App,
    audit,
    error::{self, PageError},
    extract::browser::Browser,
    interaction::{CurrentInteraction, InteractionEvent, SocialStep},
    page::{message::Message, show},
    session,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/callback/{connector}", get(arrive).post(repeat_as_get))
        .route(
            "/callback/social/{connector}",
            get(arrive).post(repeat_as_get),
        )
}

/// Finds the sign-in that the person left from, asks the provider who they are, and goes on.
async fn arrive(
    State(app): State<App>,
    browser: Browser,
    Path(id): Path<String>,
    Query(callback): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let now = app.now();
    let state = callback.get("state").ok_or(PageError::UnknownSession)?;
    let interaction = state.split_once('.').map(|(id, _)| id.to_owned());
    let found = CurrentInteraction::find(&app, browser, interaction, now).await?;
    let mut current = found.ok_or(PageError::UnknownSession)?;
    let started = departed(&current, &id, state).ok_or(PageError::UnknownSession)?;
    // One departure, one return (T37).
    current.interaction.social = None;
    let mut tx = app.db().begin().await?;
    current.save(&mut tx).await?;
    tx.commit().await?;

    let tenant = current.browser.tenant.clone();
    let Some(connector) = tenant
        .connectors
        .iter()
        .find(|connector| connector.id == id)
    else {
        // It was removed meanwhile (T38).
        return Ok(show(Message::SocialFailed(id, current.page("/sign-in"))));
    };
    let answered = profile(app.http(), connector, &callback, &started, now).await;
    let outcome = answered.as_ref().map(drop).map_err(ToString::to_string);
    audit::signin::returned(&app, &current, &id, outcome).await;
    match answered {
        Ok(profile) => go_on(&app, current, connector, profile, now).await,
        Err(failed) => {
            error::log(&failed);
            Ok(show(Message::SocialFailed(
                tenant.connector_name(connector),
                current.page("/sign-in"),
            )))
        }
    }
}

fn departed(current: &CurrentInteraction, id: &str, state: &str) -> Option<Started> {
    match &current.interaction.social {
        Some(SocialStep::Away { connector, started })
            if connector == id && started.state == state =>
        {
            Some(started.clone())
        }
        _ => None,
    }
}

/// Does what the rules decide for this profile.
async fn go_on(
    app: &App,
    mut current: CurrentInteraction,
    connector: &Connector,
    profile: SocialProfile,
    now: Time,
) -> Result<Response, PageError> {
    let tenant = current.browser.tenant.clone();
    let linked =
        store::user::find_by_identity(app.db(), &tenant.id, &connector.target, &profile.id).await?;
    let similar = match profile.verified_email() {
        Some(email) => store::user::find_by_email(app.db(), &tenant.id, email).await?,
        None => None,
    };
    let decided = decide(
        &profile,
        linked.as_ref(),
        similar.as_ref(),
        &tenant.experience,
    );
    let returns = match decided {
        SocialDecision::SignIn => linked.as_ref(),
        SocialDecision::LinkAndSignIn => similar.as_ref(),
        _ => None,
    };
    if let Some(user) = returns {
        action::after_sign_in(app, &tenant, user, now).await?;
    }
    let mut tx = app.db().begin().await?;
    let user_id = match (decided, linked, similar) {
        (SocialDecision::SignIn, Some(user), _) => {
            sync(
                &mut tx,
                &tenant.id,
                connector,
                &user,
                &profile,
                case(&tenant),
                now,
            )
            .await?;
            current.changes_user = connector.sync_profile;
            user.id
        }
        (SocialDecision::LinkAndSignIn, _, Some(user)) => {
            store::user::link(
                &mut tx,
                &tenant.id,
                &user.id,
                &connector.target,
                &identity(profile),
                now,
            )
            .await?;
            current.changes_user = true;
            user.id
        }
        (SocialDecision::AskToLink, _, Some(user)) => {
            let email = profile.verified_email().unwrap_or_default().to_owned();
            let connector = connector.id.clone();
            let page = current.page(&format!("/social/link/{connector}"));
            current.interaction.social = Some(SocialStep::Link {
                connector,
                identity: profile.id,
                user: user.id,
                email,
            });
            current.save(&mut tx).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&page).into_response());
        }
        (SocialDecision::Register, ..) => {
            let user = new_user(app, connector, profile, now);
            match store::user::insert(&mut tx, &tenant.id, &user, case(&tenant)).await {
                // Another tab was faster: the next try signs in.
                Err(StoreError::Conflict(Conflict::Identity | Conflict::Email)) => {
                    return Ok(show(Message::SocialFailed(
                        tenant.connector_name(connector),
                        current.page("/sign-in"),
                    )));
                }
                inserted => inserted?,
            }
            current.event = InteractionEvent::Register;
            user.id
        }
        (SocialDecision::Suspended, ..) => return Ok(show(Message::Suspended)),
        _ => return Ok(show(Message::NoAccount(current.page("/sign-in")))),
    };
    let cookie = session::sign_in(app, &mut tx, &mut current, &user_id, Vec::new(), now).await?;
    tx.commit().await?;
    session::signed_in(app, &current, &user_id, now).await;
    Ok((
        [(header::SET_COOKIE, cookie)],
        Redirect::to(&current.resume()),
    )
        .into_response())
}

/// Takes over name and picture at every sign-in where the connector says so.
async fn sync(
    tx: &mut Tx,
    tenant_id: &str,
    connector: &Connector,
    user: &User,
    profile: &SocialProfile,
    case: UsernameCase,
    now: Time,
) -> Result<(), StoreError> {
    if !connector.sync_profile {
        return Ok(());
    }
    let taken = |value: &Option<String>| {
        value
            .clone()
            .map_or(Change::Keep, |value| Change::To(Some(value)))
    };
    let changes = Changes {
        name: taken(&profile.name),
        avatar: taken(&profile.avatar),
        ..Changes::default()
    };
    store::user::update(tx, tenant_id, &user.id, &changes, case, now).await?;
    store::user::link(
        tx,
        tenant_id,
        &user.id,
        &connector.target,
        &identity(profile.clone()),
        now,
    )
    .await
}

/// An account with what the provider told. Only a proven address becomes the account's.
fn new_user(app: &App, connector: &Connector, profile: SocialProfile, now: Time) -> User {
    let mut user = User::new(app.random_id(12), now);
    user.primary_email = profile.verified_email().map(str::to_lowercase);
    user.name.clone_from(&profile.name);
    user.avatar.clone_from(&profile.avatar);
    user.identities
        .insert(connector.target.clone(), identity(profile));
    user
}

/// What is kept of a profile: its members, and everything the provider said.
pub(crate) fn identity(profile: SocialProfile) -> SocialIdentity {
    let members = serde_json::json!({
        "id": profile.id, "name": profile.name, "avatar": profile.avatar, "email": profile.email, "rawData": profile.raw,
    });
    let details = members.as_object().cloned().unwrap_or_default();
    SocialIdentity {
        user_id: profile.id,
        details,
    }
}

/// Some providers post their answer; our cookies only come with a GET.
async fn repeat_as_get(Path(id): Path<String>, body: Bytes) -> Redirect {
    let form = String::from_utf8_lossy(&body);
    let pairs = url::form_urlencoded::parse(form.as_bytes());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    Redirect::to(&format!("/callback/{id}?{query}"))
}
