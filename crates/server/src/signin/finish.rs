//! The end of a sign-in with a password.

use axum::{
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use protocol::time::Time;
use store::Tx;

use crate::{app::App, error::PageError, interaction::CurrentInteraction, known_browser, session};

/// Signs the person in, makes the browser known, keeps what `tx` holds, and sends the browser back to the application's request.
pub(super) async fn with_password(
    app: &App,
    mut tx: Tx,
    mut current: CurrentInteraction,
    user_id: &str,
    now: Time,
) -> Result<Response, PageError> {
    let amr = vec!["pwd".to_owned()];
    let session = session::sign_in(app, &mut tx, &mut current, user_id, amr, now).await?;
    tx.commit().await?;
    session::signed_in(app, &current, user_id, now).await;
    let known = known_browser::remember(app, &current.browser, user_id);
    let cookies = [(header::SET_COOKIE, session), (header::SET_COOKIE, known)];
    Ok((AppendHeaders(cookies), Redirect::to(&current.resume())).into_response())
}
