//! Telling applications that a session has ended (OpenID Connect Back-Channel Logout).
//!
//! The call is queued in the transaction that ends the session; its token is signed when it is sent, so that it is fresh
//! at every try.

use protocol::{jose::TokenType, logout, record::Session, time::Time};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, delivery::Delivery};
use url::form_urlencoded;

use crate::{app::App, error::Cause, tenant::Tenant};

/// [`Delivery::kind`] of these calls.
pub const KIND: &str = "backchannel_logout";

/// [`Delivery::body`] of these calls: what the token will say.
#[derive(Serialize, Deserialize)]
struct Ended {
    client: String,
    user: String,
    session: String,
}

/// Queues a call for every application that was signed in to through `session` and wants to hear of its end.
pub async fn enqueue(
    app: &App,
    tx: &mut Tx,
    tenant: &Tenant,
    session: &Session,
    now: Time,
) -> Result<(), StoreError> {
    for client_id in
        store::grant::applications_of_session(&mut *tx, &tenant.id, &session.id).await?
    {
        let application = tenant.application(&client_id);
        let Some(url) =
            application.and_then(|application| application.client.backchannel_logout_uri.clone())
        else {
            continue;
        };
        let ended = Ended {
            client: client_id,
            user: session.user_id.clone(),
            session: session.id.clone(),
        };
        let delivery = Delivery {
            tenant_id: tenant.id.clone(),
            id: app.random_id(21),
            kind: KIND.to_owned(),
            url,
            body: serde_json::to_string(&ended).unwrap_or_default(),
            attempts: 0,
        };
        store::delivery::enqueue(tx, &delivery, now).await?;
    }
    Ok(())
}

/// The form to post for a queued call: `logout_token` alone. `None` when the application is gone, so that there is nobody to tell.
pub fn form(app: &App, delivery: &Delivery, now: Time) -> Result<Option<String>, Cause> {
    let ended: Ended = serde_json::from_str(&delivery.body)?;
    let Some(tenant) = app.tenant(&delivery.tenant_id) else {
        return Ok(None);
    };
    let Some(application) = tenant.application(&ended.client) else {
        return Ok(None);
    };
    let key = tenant
        .keys
        .signer(application.client.id_token_algorithm)
        .ok_or("the tenant has no signing key")?;
    let session = logout::Ended {
        user_id: &ended.user,
        session_id: &ended.session,
    };
    let claims = logout::logout_token(
        &tenant.issuer,
        &ended.client,
        session,
        app.random_secret().reveal(),
        now,
    );
    let token = key.sign(TokenType::LogoutToken, &claims)?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("logout_token", &token)
        .finish();
    Ok(Some(form))
}
