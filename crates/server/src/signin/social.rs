//! `GET /sign-in/social/{connector}` — to a provider.
//!
//! A link and not a form: browsers hold redirects after a form against the page's policy, which cannot know every provider.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use connectors::social::{Started, authorization_uri};
use identity::connector::Connector;
use serde::Deserialize;

use crate::{
    app::App,
    audit,
    error::{self, PageError},
    interaction::{CurrentInteraction, SocialStep},
    page::{message::Message, show},
};

pub(super) fn router() -> Router<App> {
    Router::new().route("/sign-in/social/{connector}", get(leave))
}

/// What the link carries.
#[derive(Deserialize)]
struct Link {
    csrf: Option<String>,
}

/// Sends the person to the provider of a button.
async fn leave(
    State(app): State<App>,
    current: CurrentInteraction,
    Path(id): Path<String>,
    Query(link): Query<Link>,
) -> Result<Response, PageError> {
    current.check_csrf(link.csrf.as_deref())?;
    let tenant = current.browser.tenant.clone();
    match tenant
        .connectors
        .iter()
        .find(|connector| connector.id == id)
    {
        Some(connector) => depart(&app, current, connector).await,
        None => Ok(Redirect::to(&current.page("/sign-in")).into_response()),
    }
}

/// Remembers the departure and sends the person on.
pub(super) async fn depart(
    app: &App,
    mut current: CurrentInteraction,
    connector: &Connector,
) -> Result<Response, PageError> {
    let started = Started {
        // The id finds the interaction again; the secret behind it is what must match.
        state: format!("{}.{}", current.id(), app.random_secret().reveal()),
        nonce: app.random_id(21),
        redirect_uri: format!(
            "{}/callback/{}",
            current.browser.tenant.endpoint, connector.id
        ),
    };
    let address = match authorization_uri(app.http(), connector, &started).await {
        Ok(address) => address,
        Err(failed) => {
            error::log(&failed);
            return Ok(show(Message::SocialFailed(
                current.browser.tenant.connector_name(connector),
                current.page("/sign-in"),
            )));
        }
    };
    current.interaction.social = Some(SocialStep::Away {
        connector: connector.id.clone(),
        started,
    });
    let mut tx = app.db().begin().await?;
    current.save(&mut tx).await?;
    tx.commit().await?;
    audit::signin::left(app, &current, &connector.id).await;
    Ok(Redirect::to(&address).into_response())
}
