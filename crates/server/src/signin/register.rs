//! `GET|POST /register` — a new account.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use identity::{experience::IdentifierKind, identifier::check_new_username, password, user::User};
use protocol::secret::Secret;
use serde::Deserialize;
use store::{Conflict, StoreError};

use super::{attempt::case, finish, new_password, social_buttons::buttons};
use crate::{
    app::App,
    error::PageError,
    extract::form::PageForm,
    interaction::{CurrentInteraction, InteractionEvent},
    page::{
        register::{RegisterPage, UsernameProblem},
        show,
    },
    tenant::Tenant,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/register", get(form).post(submit))
        .route("/identifier-register", get(form).post(submit))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// Shows the form.
async fn form(current: CurrentInteraction) -> Response {
    if !current.browser.tenant.experience.may_register() {
        return Redirect::to(&current.page("/sign-in")).into_response();
    }
    show(page(&current))
}

/// Makes the account and signs it in, or shows the form with what is wrong.
async fn submit(
    State(app): State<App>,
    mut current: CurrentInteraction,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    current.check_csrf(submitted.csrf.as_deref())?;
    let now = app.now();
    let tenant = current.browser.tenant.clone();
    if !has_form(&tenant) {
        return Ok(Redirect::to(&current.page("/sign-in")).into_response());
    }
    let username = submitted.username.trim().to_owned();
    let mut page = RegisterPage {
        username: username.clone(),
        ..page(&current)
    };
    let limits = &tenant.experience.username_policy;
    let refused = check_new_username(&username, limits).err();
    page.username_problem = refused
        .map(|refused| UsernameProblem::Refused(refused, limits.min_length, limits.max_length));
    page.password_problems =
        new_password::check(&app, &tenant, &submitted.password, &[&username]).await;
    if page.username_problem.is_some() || !page.password_problems.is_empty() {
        return Ok(show(page));
    }
    let (text, salt) = (Secret::new(submitted.password), app.random_bytes());
    let hashed = app
        .hashes()
        .run(move || password::hash(text.reveal(), salt))
        .await?;
    let user = User {
        username: Some(username),
        password: Some(hashed),
        ..User::new(app.random_id(12), now)
    };

    let mut tx = app.db().begin().await?;
    match store::user::insert(&mut tx, &tenant.id, &user, case(&tenant)).await {
        Err(StoreError::Conflict(Conflict::Username)) => {
            page.username_problem = Some(UsernameProblem::Taken);
            return Ok(show(page));
        }
        inserted => inserted?,
    }
    current.event = InteractionEvent::Register;
    finish::with_password(&app, tx, current, &user.id, now).await
}

/// An account can be made here when it needs no proven address: proving one takes a message, which comes with the connectors for that.
fn has_form(tenant: &Tenant) -> bool {
    let sign_up = &tenant.experience.sign_up;
    tenant.experience.may_register_with_password()
        && sign_up.identifiers == [IdentifierKind::Username]
}

fn page(current: &CurrentInteraction) -> RegisterPage {
    let tenant = &current.browser.tenant;
    let request = &current.interaction.request;
    RegisterPage {
        csrf: current.csrf(),
        application: tenant.application_name(&request.client_id),
        redirect_uri: request.return_to.redirect_uri.clone(),
        has_form: has_form(tenant),
        asks_username: true,
        policy: tenant.experience.password_policy.clone(),
        social: buttons(current),
        sign_in: tenant
            .experience
            .may_sign_in()
            .then(|| current.page("/sign-in")),
        ..RegisterPage::default()
    }
}
