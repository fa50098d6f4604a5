//! `POST /api/connectors/{connectorId}/authorization-uri`.

use axum::{
    Json,
    extract::{Path, State},
};
use connectors::{
    factory::Purpose,
    social::{self, Config, Started},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{caller::Caller, input::Input, text::Text},
    app::App,
    error::ApiError,
    operation::{self, Refused},
};

/// A sign-in that the caller will end.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AuthorizationUriRequest)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begin {
    /// Comes back with the person.
    state: Text<0, 2048>,
    /// Where the provider sends the person.
    redirect_uri: Text<0, 2048>,
}

/// Where the person goes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizationUri {
    redirect_to: String,
}

/// The address of a provider's sign-in page. Providers whose answers have to be compared with something that was
/// remembered in the browser cannot be used so.
#[utoipa::path(
    post,
    path = "/connectors/{connectorId}/authorization-uri",
    operation_id = "CreateConnectorAuthorizationUri",
    tag = "Connectors",
    params(("connectorId" = String, Path)),
    request_body = Begin,
    responses((status = 200, body = AuthorizationUri))
)]
pub(super) async fn authorization_uri(
    State(app): State<App>,
    caller: Caller,
    Path(connector_id): Path<String>,
    Input(begin): Input<Begin>,
) -> Result<Json<AuthorizationUri>, ApiError> {
    if begin.state.is_empty() || begin.redirect_uri.is_empty() {
        let message = "state and redirectUri must not be empty.";
        return Err(Refused::new("session.insufficient_info", message).into());
    }
    let tenant = &caller.tenant.id;
    let (connector, factory) =
        operation::connector::find(app.db(), app.vault(), tenant, &connector_id).await?;
    if factory.purpose != Purpose::Social {
        let message = "Nobody signs in with this connector.";
        return Err(Refused::new("connector.unexpected_type", message).into());
    }
    let refused = |error| operation::connector::refused(&error);
    let needs_memory = || matches!(Config::of(&connector), Ok(Config::Oidc(_)));
    if !factory.is_built() || needs_memory() {
        let message = "Sign-ins with this connector begin on the sign-in page only.";
        return Err(Refused::new("connector.not_implemented", message).into());
    }
    let started = Started {
        state: begin.state.into(),
        nonce: String::new(),
        redirect_uri: begin.redirect_uri.into(),
    };
    let redirect_to = social::authorization_uri(app.http(), &connector, &started).await;
    let redirect_to = redirect_to.map_err(refused)?;
    Ok(Json(AuthorizationUri { redirect_to }))
}
