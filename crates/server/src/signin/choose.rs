//! `GET|POST /switch-account` — going on with the account that is signed in, or with another one.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use identity::claims::display_name;
use serde::Deserialize;

use crate::{
    app::App,
    error::PageError,
    extract::form::PageForm,
    interaction::CurrentInteraction,
    page::{account::ChooseAccountPage, show},
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/switch-account", get(form).post(submit))
}

/// What the form sends.
#[derive(Deserialize)]
struct Submitted {
    csrf: Option<String>,
}

/// Shows who is signed in.
async fn form(State(app): State<App>, current: CurrentInteraction) -> Result<Response, PageError> {
    let tenant = &current.browser.tenant;
    let session = current.browser.session(&app, app.now()).await?;
    let user = match &session {
        Some(session) => store::user::find(app.db(), &tenant.id, &session.user_id).await?,
        None => None,
    };
    let Some(user) = user else {
        return Ok(Redirect::to(&current.page("/sign-in")).into_response());
    };
    let request = &current.interaction.request;
    Ok(show(ChooseAccountPage {
        csrf: current.csrf(),
        application: tenant.application_name(&request.client_id),
        redirect_uri: request.return_to.redirect_uri.clone(),
        person: display_name(&user).to_owned(),
        sign_in: current.page("/sign-in"),
    }))
}

/// Goes on with the account that is signed in.
async fn submit(
    State(app): State<App>,
    mut current: CurrentInteraction,
    PageForm(submitted): PageForm<Submitted>,
) -> Result<Response, PageError> {
    current.check_csrf(submitted.csrf.as_deref())?;
    if let Some(session) = current.browser.session(&app, app.now()).await? {
        current.interaction.progress.chose_account = Some(session.id);
        let mut tx = app.db().begin().await?;
        current.save(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(Redirect::to(&current.resume()).into_response())
}
