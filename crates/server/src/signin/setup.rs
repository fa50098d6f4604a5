//! `GET|POST /setup` — the first administrator, by a link that works once.

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use identity::{identifier::check_new_username, password};
use protocol::{secret::Secret, time::Time};
use serde::Deserialize;
use store::{one_time_link, seed::ADMIN_TENANT};

use super::new_password;
use crate::{
    app::App,
    error::PageError,
    extract::{form::PageForm, tenant::CurrentTenant},
    first_administrator::{account, redeem},
    page::{message::Message, register::UsernameProblem, setup::SetupPage, show},
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/setup", get(form).post(submit))
}

/// What the link carries.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

/// What the form sends. The token of the link is its own proof that the form is ours.
#[derive(Deserialize)]
struct Submitted {
    #[serde(default)]
    token: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// Shows the form to whoever has the link.
async fn form(
    State(app): State<App>,
    CurrentTenant(tenant): CurrentTenant,
    Query(link): Query<Link>,
) -> Result<Response, PageError> {
    if tenant.id != ADMIN_TENANT
        || !is_live(&app, &Secret::new(link.token.as_str()), app.now()).await?
    {
        return Ok(show(Message::SetupUsed));
    }
    Ok(show(SetupPage {
        token: link.token,
        policy: tenant.experience.password_policy.clone(),
        ..SetupPage::default()
    }))
}

/// Makes the administrator. Of many at once one succeeds (T54).
async fn submit(
    State(app): State<App>,
    CurrentTenant(tenant): CurrentTenant,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    if tenant.id != ADMIN_TENANT {
        return Err(PageError::NotFound);
    }
    let now = app.now();
    let token = Secret::new(submitted.token.as_str());
    if !is_live(&app, &token, now).await? {
        return Ok(show(Message::SetupUsed));
    }
    let username = submitted.username.trim();
    let limits = &tenant.experience.username_policy;
    let refused = check_new_username(username, limits).err();
    let page = SetupPage {
        username: username.to_owned(),
        username_problem: refused
            .map(|refused| UsernameProblem::Refused(refused, limits.min_length, limits.max_length)),
        password_problems: new_password::check(&app, &tenant, &submitted.password, &[username])
            .await,
        policy: tenant.experience.password_policy.clone(),
        token: submitted.token,
    };
    if page.username_problem.is_some() || !page.password_problems.is_empty() {
        return Ok(show(page));
    }
    let (text, salt) = (Secret::new(submitted.password), app.random_bytes());
    let hashed = app
        .hashes()
        .run(move || password::hash(text.reveal(), salt))
        .await?;
    let administrator = account(app.random_id(12), username, hashed, now);
    let mut tx = app.db().begin().await?;
    if !redeem(&mut tx, &token, &administrator, now).await? {
        return Ok(show(Message::SetupUsed));
    }
    tx.commit().await?;
    Ok(show(Message::SetupDone(
        username.to_owned(),
        tenant.endpoint.clone(),
    )))
}

async fn is_live(app: &App, token: &Secret, now: Time) -> Result<bool, PageError> {
    let mut tx = app.db().begin().await?;
    Ok(one_time_link::is_live(
        &mut tx,
        ADMIN_TENANT,
        &token.hash(),
        one_time_link::FIRST_ADMINISTRATOR,
        now,
    )
    .await?)
}
