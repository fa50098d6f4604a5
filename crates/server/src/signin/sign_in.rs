//! `GET|POST /sign-in` — name and password.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    action,
    attempt::{Attempt, password},
    finish,
    social_buttons::buttons,
};
use crate::{
    app::App,
    error::PageError,
    extract::form::PageForm,
    interaction::CurrentInteraction,
    page::{
        message::Message,
        show,
        sign_in::{SignInPage, SignInProblem},
    },
};

pub(super) fn router() -> Router<App> {
    // The other two are Logto's addresses of the same page.
    Router::new()
        .route("/sign-in", get(form).post(submit))
        .route("/sign-in/password", get(form).post(submit))
        .route("/identifier-sign-in", get(form).post(submit))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
    #[serde(default)]
    identifier: String,
    #[serde(default)]
    password: String,
}

/// Shows the form.
async fn form(current: CurrentInteraction) -> Response {
    if !current.browser.tenant.experience.may_sign_in() {
        return Redirect::to(&current.page("/register")).into_response();
    }
    let identifier = current
        .interaction
        .request
        .hints
        .login_hint
        .clone()
        .unwrap_or_default();
    show(page(&current, identifier, None))
}

/// Signs the person in, or shows the form again.
async fn submit(
    State(app): State<App>,
    current: CurrentInteraction,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    current.check_csrf(submitted.csrf.as_deref())?;
    let now = app.now();
    if !current.browser.tenant.experience.may_sign_in() {
        return Ok(Redirect::to(&current.page("/register")).into_response());
    }
    let Submitted {
        identifier,
        password: given,
        ..
    } = submitted;
    let attempt = password(&app, &current.browser, &identifier, &given, now).await?;
    attempt.record(&app, &current).await;
    match attempt {
        Attempt::Proved(user) => {
            action::after_sign_in(&app, &current.browser.tenant, &user, now).await?;
            let tx = app.db().begin().await?;
            finish::with_password(&app, tx, current, &user.id, now).await
        }
        Attempt::Suspended => Ok(show(Message::Suspended)),
        Attempt::Refused(problem) => Ok(show(page(&current, identifier, Some(problem)))),
    }
}

fn page(
    current: &CurrentInteraction,
    identifier: String,
    problem: Option<SignInProblem>,
) -> SignInPage {
    let tenant = &current.browser.tenant;
    let request = &current.interaction.request;
    SignInPage {
        csrf: current.csrf(),
        application: tenant.application_name(&request.client_id),
        redirect_uri: request.return_to.redirect_uri.clone(),
        identifiers: tenant.experience.password_identifiers(),
        identifier,
        problem,
        social: buttons(current),
        register: tenant
            .experience
            .may_register()
            .then(|| current.page("/register")),
    }
}
