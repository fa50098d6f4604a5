//! Sessions: beginning, lasting and ending.

use axum::http::HeaderValue;
use protocol::{record::Session, time::Time};
use store::{StoreError, Tx, user::SignedInTo};

use crate::{
    app::App, audit, backchannel, extract::browser::Browser, hook, interaction::CurrentInteraction,
    tenant::Tenant,
};

/// Signs a person in at this browser: writes the session and that it was done for this interaction, and gives the cookie.
///
/// The session always gets a new secret (T25). When the same person was signed in already, it is the same session, so
/// that its grants live on; another person's session at this browser ends.
pub async fn sign_in(
    app: &App,
    tx: &mut Tx,
    current: &mut CurrentInteraction,
    user_id: &str,
    amr: Vec<String>,
    now: Time,
) -> Result<HeaderValue, StoreError> {
    let browser = &current.browser;
    let tenant = &browser.tenant;
    let secret = app.random_secret();
    let mut session = Session {
        id: app.random_id(21),
        user_id: user_id.to_owned(),
        authenticated_at: now,
        amr,
        expires_at: now.plus(tenant.session_ttl),
    };
    let before = browser.session(app, now).await?;
    let mut renewed = false;
    if let Some(before) = before {
        if before.user_id == user_id {
            session.id = before.id;
            renewed =
                store::session::rotate_secret(tx, &tenant.id, &session, &secret.hash()).await?;
        } else {
            end(app, tx, tenant, &before, now).await?;
        }
    }
    if !renewed {
        store::session::insert(tx, &tenant.id, &secret.hash(), &session, now).await?;
    }
    let client_id = &current.interaction.request.client_id;
    let to = if tenant.is_document(client_id) {
        SignedInTo::Document(client_id)
    } else {
        SignedInTo::Application(client_id)
    };
    store::user::signed_in(tx, &tenant.id, user_id, to, now).await?;
    let cookie = browser.set_session(&secret);
    current.interaction.progress.signed_in = Some(session.id);
    current.save(tx).await?;
    hook::interaction::completed(app, tx, current, user_id).await?;
    Ok(cookie)
}

/// Writes down that a sign-in is durable.
pub async fn signed_in(app: &App, current: &CurrentInteraction, user_id: &str, now: Time) {
    app.audit()
        .active(&current.browser.tenant.id, user_id, now.0);
    audit::signin::submitted(app, current, user_id).await;
}

/// Lets a session that was used last as long again, and gives the cookie for that.
pub async fn keep(
    app: &App,
    browser: &Browser,
    session: &Session,
    now: Time,
) -> Result<Option<HeaderValue>, StoreError> {
    store::session::touch(
        app.db(),
        &browser.tenant.id,
        session,
        browser.tenant.session_ttl,
        now,
    )
    .await?;
    Ok(browser.keep_session())
}

/// Ends a session with everything that came of it and has no `offline_access` (T28), and has its applications told.
pub async fn end(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    session: &Session,
    now: Time,
) -> Result<(), StoreError> {
    backchannel::enqueue(app, tx, tenant, session, now).await?;
    store::grant::delete_of_session(tx, &tenant.id, &session.id).await?;
    store::session::delete(tx, &tenant.id, &session.id).await?;
    Ok(())
}
