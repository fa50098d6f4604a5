//! `GET /oidc/auth/{id}` — where every page of a sign-in comes back to.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};

use super::step::{Underway, next};
use crate::{
    app::App,
    error::PageError,
    extract::browser::Browser,
    interaction::{CurrentInteraction, NEWEST},
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/auth/{id}", get(resume))
}

/// Takes the next step of an interaction that this browser began.
async fn resume(
    State(app): State<App>,
    browser: Browser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let now = app.now();
    let id = Some(id).filter(|id| id != NEWEST);
    let found = CurrentInteraction::find(&app, browser, id, now).await?;
    next(
        &app,
        Underway::Stored(found.ok_or(PageError::UnknownSession)?),
        now,
    )
    .await
}
