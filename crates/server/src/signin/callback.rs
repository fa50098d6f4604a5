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
    identifier::Identifier,
    social::{SocialDecision, SocialProfile, decide},
    user::User,
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
    social::identity,
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
    let similar = similar(app, &tenant.id, &profile).await?;
    let decided = decide(&profile, linked.as_ref(), &similar, &tenant.experience);
    if let SocialDecision::SignIn(user) | SocialDecision::LinkAndSignIn(user) = &decided {
        action::after_sign_in(app, &tenant, user, now).await?;
    }
    let mut tx = app.db().begin().await?;
    let user_id = match decided {
        SocialDecision::SignIn(user) => {
            sync(
                &mut tx,
                &tenant.id,
                connector,
                user,
                &profile,
                case(&tenant),
                now,
            )
            .await?;
            current.changes_user = connector.sync_profile;
            user.id.clone()
        }
        SocialDecision::LinkAndSignIn(user) => {
            let (target, identity) = (&connector.target, identity(profile));
            store::user::link(&mut tx, &tenant.id, &user.id, target, &identity, now).await?;
            current.changes_user = true;
            user.id.clone()
        }
        SocialDecision::AskToLink(user, proven) => {
            let page = current.page(&format!("/social/link/{}", connector.id));
            current.interaction.social = Some(SocialStep::Link {
                connector: connector.id.clone(),
                identity: profile.id,
                user: user.id.clone(),
                identifier: match proven {
                    Identifier::Phone(digits) => format!("+{digits}"),
                    other => other.as_str().to_owned(),
                },
            });
            current.save(&mut tx).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&page).into_response());
        }
        SocialDecision::Register => {
            let user = new_user(app, connector, profile, now);
            match store::user::insert(&mut tx, &tenant.id, &user, case(&tenant)).await {
                // Another tab was faster: the next try signs in.
                Err(StoreError::Conflict(
                    Conflict::Identity | Conflict::Email | Conflict::Phone,
                )) => {
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
        SocialDecision::Suspended => return Ok(show(Message::Suspended)),
        SocialDecision::NoAccount => {
            return Ok(show(Message::NoAccount(current.page("/sign-in"))));
        }
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

/// The accounts with the number or the address that is proven, in this order.
async fn similar(
    app: &App,
    tenant_id: &str,
    profile: &SocialProfile,
) -> Result<Vec<User>, StoreError> {
    let phone = match profile.verified_phone() {
        Some(phone) => store::user::find_by_phone(app.db(), tenant_id, &phone).await?,
        None => None,
    };
    let email = match profile.verified_email() {
        Some(email) => store::user::find_by_email(app.db(), tenant_id, email).await?,
        None => None,
    };
    Ok(phone.into_iter().chain(email).collect())
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

/// An account with what the provider told. Only a proven address and a proven number become the account's.
fn new_user(app: &App, connector: &Connector, profile: SocialProfile, now: Time) -> User {
    let mut user = User::new(app.random_id(12), now);
    user.primary_email = profile.verified_email().map(str::to_lowercase);
    user.primary_phone = profile.verified_phone();
    user.name.clone_from(&profile.name);
    user.avatar.clone_from(&profile.avatar);
    user.identities
        .insert(connector.target.clone(), identity(profile));
    user
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
