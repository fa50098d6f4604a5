//! `POST /me/social/authorization-uri` and `POST /me/social/link-identity`.

use axum::{Json, extract::State, http::StatusCode};
use connectors::social::{Started, authorization_uri as uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation, social,
};

/// The code for connectors that sign nobody in.
const UNEXPECTED: &str = "connector.unexpected_type";

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
    let (tenant, id) = (&caller.tenant.id, &begin.connector_id);
    let connector = social::find(&app, tenant, id, UNEXPECTED).await?;
    let started = Started {
        state: begin.state.into(),
        nonce: String::new(),
        redirect_uri: begin.redirect_uri.into(),
    };
    let redirect_to = uri(app.http(), &connector, &started)
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
    let connector = social::find(&app, tenant, &link.connector_id, UNEXPECTED).await?;
    let identity = social::vouched(&app, &connector, link.connector_data).await?;
    let mut tx = app.db().begin().await?;
    store::user::link(&mut tx, tenant, id, &connector.target, &identity, now).await?;
    app.commit(tx).await?;
    Ok(StatusCode::NO_CONTENT)
}
