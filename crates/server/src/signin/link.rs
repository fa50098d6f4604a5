//! `GET|POST /social/link/{connector}` — is the account with the proven address or number yours? Its password proves it.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use identity::{connector::Connector, identifier::Identifier, user::SocialIdentity};
use serde::Deserialize;
use serde_json::Map;

use super::{
    action,
    attempt::{Attempt, password_of},
    finish,
};
use crate::{
    app::App,
    error::PageError,
    extract::form::PageForm,
    interaction::{CurrentInteraction, SocialStep},
    page::{account::LinkPage, message::Message, show, sign_in::SignInProblem},
    tenant::Tenant,
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/social/link/{connector}", get(form).post(submit))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
    #[serde(default)]
    password: String,
}

/// What is to be linked.
struct Pending {
    identity: String,
    user: String,
    identifier: String,
}

fn pending(current: &CurrentInteraction, id: &str) -> Option<Pending> {
    match &current.interaction.social {
        Some(SocialStep::Link {
            connector,
            identity,
            user,
            identifier,
        }) if connector == id => Some(Pending {
            identity: identity.clone(),
            user: user.clone(),
            identifier: identifier.clone(),
        }),
        _ => None,
    }
}

fn connector<'a>(tenant: &'a Tenant, id: &str) -> Option<&'a Connector> {
    tenant
        .connectors
        .iter()
        .find(|connector| connector.id == id)
}

/// Asks for the password.
async fn form(current: CurrentInteraction, Path(id): Path<String>) -> Result<Response, PageError> {
    let pending = pending(&current, &id).ok_or(PageError::UnknownSession)?;
    page(&current, &id, pending, None)
}

/// Links and signs in, or asks again.
async fn submit(
    State(app): State<App>,
    mut current: CurrentInteraction,
    Path(id): Path<String>,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    current.check_csrf(submitted.csrf.as_deref())?;
    let now = app.now();
    let tenant = current.browser.tenant.clone();
    let pending = pending(&current, &id).ok_or(PageError::UnknownSession)?;
    let target = connector(&tenant, &id)
        .ok_or(PageError::UnknownSession)?
        .target
        .clone();
    let user = store::user::find(app.db(), &tenant.id, &pending.user)
        .await?
        .ok_or(PageError::UnknownSession)?;
    let attempt = password_of(&app, &current.browser, user, &submitted.password, now).await?;
    attempt.record(&app, &current).await;
    match attempt {
        Attempt::Proved(user) => {
            let identity = SocialIdentity {
                user_id: pending.identity,
                details: Map::new(),
            };
            action::after_sign_in(&app, &tenant, &user, now).await?;
            current.interaction.social = None;
            current.changes_user = true;
            let mut tx = app.db().begin().await?;
            store::user::link(&mut tx, &tenant.id, &user.id, &target, &identity, now).await?;
            finish::with_password(&app, tx, current, &user.id, now).await
        }
        Attempt::Suspended => Ok(show(Message::Suspended)),
        Attempt::Refused(problem) => page(&current, &id, pending, Some(problem)),
    }
}

fn page(
    current: &CurrentInteraction,
    id: &str,
    pending: Pending,
    problem: Option<SignInProblem>,
) -> Result<Response, PageError> {
    let connector = connector(&current.browser.tenant, id).ok_or(PageError::UnknownSession)?;
    Ok(show(LinkPage {
        csrf: current.csrf(),
        redirect_uri: current.interaction.request.return_to.redirect_uri.clone(),
        is_phone: matches!(
            Identifier::parse(&pending.identifier),
            Some(Identifier::Phone(_))
        ),
        identifier: pending.identifier,
        provider: current.browser.tenant.connector_name(connector),
        problem,
        sign_in: current.page("/sign-in"),
    }))
}
