//! The next step of an authorization: to a page, or back to the application.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use identity::connector::Connector;
use protocol::{
    authorize::{
        decide::{Decision, Standing, decide},
        issue::issue,
        request::{DirectSignIn, FirstScreen},
        respond,
    },
    client::Client,
    error::OAuthError,
    record::{Consent, Grant, Session},
    redirect_uri,
    time::Time,
};
use store::{
    StoreError, Tx, membership,
    relation::{self, GRANT_ORGANIZATION},
};

use super::{
    answer::{see_other, send},
    device, room,
    subject::admits,
};
use crate::{
    app::App,
    audit, cimd,
    error::PageError,
    extract::browser::Browser,
    interaction::{CurrentInteraction, Interaction},
    session,
    tenant::Application,
};

/// An authorization that is not answered yet.
pub(super) enum Underway {
    /// Just begun. Most end here, over a live session, and are never written down.
    New {
        /// Where.
        browser: Browser,
        /// What was asked for.
        interaction: Interaction,
    },
    /// Written down because the person has to do something.
    Stored(CurrentInteraction),
}

impl Underway {
    pub(super) const fn browser(&self) -> &Browser {
        match self {
            Self::New { browser, .. } => browser,
            Self::Stored(current) => &current.browser,
        }
    }

    pub(super) const fn interaction(&self) -> &Interaction {
        match self {
            Self::New { interaction, .. } => interaction,
            Self::Stored(current) => &current.interaction,
        }
    }
}

/// Decides what comes next and does it.
pub(super) async fn next(app: &App, underway: Underway, now: Time) -> Result<Response, PageError> {
    let browser = underway.browser();
    let tenant = browser.tenant.clone();
    let Interaction {
        request,
        progress,
        device,
        ..
    } = underway.interaction();
    if device.as_ref().is_some_and(|device| !device.is_confirmed) {
        return show(app, underway, "/device/confirm", now).await;
    }
    let application = cimd::application(app, &tenant, &request.client_id)
        .await?
        .filter(|application| match device {
            Some(_) => application.client.is_device_flow,
            None => {
                redirect_uri::is_registered(&application.client, &request.return_to.redirect_uri)
            }
        })
        .ok_or(PageError::UnknownSession)?; // its registration changed meanwhile
    let session = browser.session(app, now).await?;
    let person = match &session {
        Some(session) => person(app, &tenant.id, &application, session).await?,
        None => Person::default(),
    };
    let standing = Standing {
        session: session.as_ref(),
        user_is_active: person.is_active,
        is_admitted: person.is_admitted,
        consent: person.consent.as_ref(),
        progress,
    };
    match (decide(request, &application.client, standing, now), session) {
        (Decision::Issue, Some(session)) if device.is_some() => {
            device::allow(app, underway, &application.client, &session, now).await
        }
        (Decision::Issue, Some(session)) => {
            answer_with_code(app, underway, &application.client, &session, now).await
        }
        (Decision::Refuse(error), _) => match &underway {
            Underway::Stored(current) => refuse(app, current, &error).await,
            Underway::New { .. } => Ok(send(respond::error(
                &request.return_to,
                &error,
                &tenant.issuer,
            ))),
        },
        (Decision::SignIn { screen, .. }, _) => {
            let path = sign_in_path(
                &tenant.connectors,
                request.hints.direct_sign_in.as_ref(),
                screen,
            );
            show(app, underway, &path, now).await
        }
        (Decision::Consent { .. }, _) => show(app, underway, "/consent", now).await,
        (Decision::SelectAccount, _) => show(app, underway, "/switch-account", now).await,
        (Decision::Issue, None) => Err(PageError::UnknownSession), // never decided without a session
    }
}

/// Ends an interaction with an error for the application.
pub async fn refuse(
    app: &App,
    current: &CurrentInteraction,
    error: &OAuthError,
) -> Result<Response, PageError> {
    let mut tx = app.db().begin().await?;
    current.end(&mut tx).await?;
    if let Some(device) = &current.interaction.device {
        device::deny(app, &mut tx, current, device).await?;
    }
    tx.commit().await?;
    audit::signin::ended(app, current).await;
    if current.interaction.device.is_some() {
        return Ok(see_other(device::DENIED));
    }
    let return_to = &current.interaction.request.return_to;
    Ok(send(respond::error(
        return_to,
        error,
        &current.browser.tenant.issuer,
    )))
}

/// What the decision needs to know of the person.
#[derive(Default)]
struct Person {
    is_active: bool,
    is_admitted: bool,
    consent: Option<Consent>,
}

/// Whether the person's account may be used, and for this application; and what a third-party one was allowed before.
async fn person(
    app: &App,
    tenant_id: &str,
    application: &Application,
    session: &Session,
) -> Result<Person, StoreError> {
    let client = &application.client;
    let user = store::user::find(app.db(), tenant_id, &session.user_id).await?;
    let is_active = user.is_some_and(|user| !user.is_suspended);
    let is_admitted = admits(app.db(), tenant_id, application, &session.user_id).await?;
    let consent = if client.is_third_party {
        store::consent::find(app.db(), tenant_id, &session.user_id, &client.id).await?
    } else {
        None
    };
    Ok(Person {
        is_active,
        is_admitted,
        consent,
    })
}

/// Writes grant and code, and sends the code to the application.
async fn answer_with_code(
    app: &App,
    underway: Underway,
    client: &Client,
    session: &Session,
    now: Time,
) -> Result<Response, PageError> {
    let browser = underway.browser();
    let tenant = &browser.tenant;
    let Interaction {
        request,
        pushed,
        organization,
        ..
    } = underway.interaction();
    let secret = app.random_secret();
    let (grant, code) = issue(request.clone(), session, app.random_id(21), now);

    let mut tx = app.db().begin().await?;
    if let Underway::Stored(current) = &underway
        && !current.end(&mut tx).await?
    {
        return Err(PageError::UnknownSession); // answered by a request that came at the same time
    }
    if let Some(hash) = pushed {
        store::pushed_request::take(&mut tx, &tenant.id, hash, now).await?;
    }
    let room = room::make(app, &mut tx, (tenant, client), session, now).await?;
    store::grant::insert(&mut tx, &tenant.id, &grant).await?;
    open_organization(&mut tx, &tenant.id, &grant, organization.as_ref()).await?;
    store::code::insert(&mut tx, &tenant.id, &secret.hash(), &code).await?;
    tx.commit().await?;
    room.record(app, tenant, &grant).await;
    if let Underway::Stored(current) = &underway {
        audit::signin::ended(app, current).await;
    }

    let cookie = session::keep(app, browser, session, now).await?;
    let answer = send(respond::code(&request.return_to, &secret, &tenant.issuer));
    Ok((cookies(cookie), answer).into_response())
}

/// Lets the client of a grant act in the organization that the person chose, unless they left it meanwhile.
async fn open_organization(
    tx: &mut Tx,
    tenant_id: &str,
    grant: &Grant,
    organization: Option<&String>,
) -> Result<(), StoreError> {
    let Some(id) = organization else {
        return Ok(());
    };
    let (user_id, with) = (&grant.user_id, (&*grant.client_id, &*grant.id));
    let member = membership::of_user(&mut *tx, tenant_id, id, user_id, with).await?;
    if member.is_some() {
        let (parent, id) = ([&*grant.id, user_id], [id.clone()]);
        relation::add(tx, GRANT_ORGANIZATION, tenant_id, &parent, &id).await?;
    }
    Ok(())
}

/// Writes the interaction down if it is new, and shows a page for it.
async fn show(app: &App, underway: Underway, path: &str, now: Time) -> Result<Response, PageError> {
    let current = match underway {
        Underway::Stored(current) => current,
        Underway::New {
            browser,
            interaction,
        } => {
            let current = CurrentInteraction::begin(app, browser, interaction, now).await?;
            audit::signin::created(app, &current).await;
            current
        }
    };
    let cookie = current.browser.keep_interaction();
    Ok((cookies(cookie), see_other(&current.page(path))).into_response())
}

/// Where a sign-in begins: at the provider that was named if the tenant has it, else on a page that is served.
fn sign_in_path(
    connectors: &[Connector],
    direct: Option<&DirectSignIn>,
    screen: FirstScreen,
) -> String {
    if let Some(DirectSignIn::Social(target)) = direct
        && connectors
            .iter()
            .any(|connector| connector.target == *target)
    {
        return format!("/direct/social/{target}");
    }
    let served = match screen {
        FirstScreen::ResetPassword | FirstScreen::SingleSignOn => FirstScreen::SignIn,
        other => other,
    };
    served.path().to_owned()
}

/// The header that sets a cookie, where there is one to set.
pub(crate) fn cookies(cookie: Option<HeaderValue>) -> HeaderMap {
    cookie
        .into_iter()
        .map(|cookie| (header::SET_COOKIE, cookie))
        .collect()
}
