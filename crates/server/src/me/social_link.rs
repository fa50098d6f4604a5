//! `POST /me/social/authorization-uri` and `POST /me/social/link-identity`.

use std::collections::HashMap;

use axum::{Json, extract::State, http::StatusCode};
use connectors::{
    factory::Purpose,
    social::{self, Config, Started},
};
use identity::connector::Connector;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::{self, Refused},
    signin,
};

/// Where to begin.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begin {
    connector_id: Text<1, 128>,
    /// Comes back with the person; whoever asks compares it.
    state: Text<1, 2048>,
    /// Where the provider sends the person.
    redirect_uri: Text<1, 2048>,
}

/// Where the person goes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizationUri {
    redirect_to: String,
}

/// With what the person came back.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    connector_id: Text<1, 128>,
    /// The query, and `redirectUri` as it was at the beginning.
    connector_data: Map<String, Value>,
}

/// The address of a provider's sign-in page.
pub(super) async fn authorization_uri(
    State(app): State<App>,
    caller: Caller,
    Input(begin): Input<Begin>,
) -> Result<Json<AuthorizationUri>, ApiError> {
    let connector = find(&app, &caller, &begin.connector_id).await?;
    let started = Started {
        state: begin.state.into(),
        nonce: String::new(),
        redirect_uri: begin.redirect_uri.into(),
    };
    let redirect_to = social::authorization_uri(app.http(), &connector, &started)
        .await
        .map_err(|error| operation::connector::refused(&error))?;
    Ok(Json(AuthorizationUri { redirect_to }))
}

/// Links the caller's account with whom the provider vouches for.
pub(super) async fn link(
    State(app): State<App>,
    caller: Caller,
    Input(link): Input<Link>,
) -> Result<StatusCode, ApiError> {
    let (tenant, id, now) = (&caller.tenant.id, caller.actor.id(), app.now());
    let connector = find(&app, &caller, &link.connector_id).await?;
    let texts = link.connector_data.into_iter();
    let mut callback: HashMap<String, String> = texts
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect();
    let started = Started {
        state: String::new(),
        nonce: String::new(),
        redirect_uri: callback.remove("redirectUri").unwrap_or_default(),
    };
    let profile = social::profile(app.http(), &connector, &callback, &started, now)
        .await
        .map_err(|error| operation::connector::refused(&error))?;
    let identity = signin::identity(profile);
    let mut tx = app.db().begin().await?;
    store::user::link(&mut tx, tenant, id, &connector.target, &identity, now).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A connector that signs people in without anything remembered in between.
async fn find(app: &App, caller: &Caller, id: &str) -> Result<Connector, ApiError> {
    let (db, vault, tenant) = (app.db(), app.vault(), &caller.tenant.id);
    let (connector, factory) = operation::connector::find(db, vault, tenant, id).await?;
    if factory.purpose != Purpose::Social {
        let message = "Nobody signs in with this connector.";
        return Err(Refused::new("connector.unexpected_type", message).into());
    }
    let needs_memory = matches!(Config::of(&connector), Ok(Config::Oidc(_)));
    if !factory.is_built() || needs_memory {
        let message = "Accounts cannot be linked with this connector here.";
        let refused = Refused::new("connector.not_implemented", message);
        return Err(refused.status(501).into());
    }
    Ok(connector)
}
