//! `grant_type=client_credentials` — RFC 6749 §4.4. It touches no database: all it needs is in memory.

use protocol::{
    grant::client_credentials,
    jose::TokenType,
    resource,
    scope::ScopeSet,
    token::{
        access_token,
        response::{Bearer, TokenResponse},
    },
};

use super::issue::sign;
use crate::{app::App, error::OidcError, extract::client::ClientRequest};

/// Gives an application a token for an API, with the scopes of its own roles.
pub(super) fn exchange(app: &App, request: &ClientRequest) -> Result<TokenResponse, OidcError> {
    let ClientRequest {
        tenant,
        application,
        parameters,
    } = request;
    let named = parameters.all("resource").chain(parameters.all("audience"));
    let requested = resource::indicators(named, &tenant.issuer);
    let default = application
        .client
        .default_resource
        .as_deref()
        .or_else(|| tenant.default_resource());
    let resource =
        client_credentials::target(default, &requested, |indicator| tenant.resource(indicator))?;
    let none = ScopeSet::default();
    let held = application.scopes.get(&resource.indicator).unwrap_or(&none);
    let scope = client_credentials::scope(held, parameters.one("scope")?);

    let claims = access_token::client_claims(
        &tenant.issuer,
        &application.client,
        resource,
        &scope,
        app.random_secret().reveal(),
        app.now(),
    );
    Ok(TokenResponse {
        access_token: sign(tenant, resource.algorithm, TokenType::AccessToken, &claims)?,
        token_type: Bearer::Bearer,
        expires_in: resource.access_token_ttl,
        scope,
        id_token: None,
        refresh_token: None,
    })
}
