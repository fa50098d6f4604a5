//! `grant_type=client_credentials` — RFC 6749 §4.4. It touches no database: all it needs is in memory.

use protocol::{
    grant::client_credentials,
    jose::TokenType,
    resource,
    scope::ScopeSet,
    token::{
        access_token, custom_claims,
        response::{Bearer, TokenResponse},
    },
};

use super::{
    custom::{self, Issued},
    issue::sign,
};
use crate::{app::App, error::OidcError, extract::client::ClientRequest};

/// Gives an application a token for an API, with the scopes of its own roles.
pub(super) async fn exchange(app: &App, request: &ClientRequest) -> Result<Issued, OidcError> {
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

    let random = app.random_secret();
    let mut claims = access_token::client_claims(
        &tenant.issuer,
        &application.client,
        resource,
        &scope,
        random.reveal(),
        app.now(),
    );
    if tenant.customizers.client_credentials.is_some() {
        let token = custom_claims::client_token(
            &request.client().id,
            &resource.indicator,
            &scope,
            random.reveal(),
        );
        custom_claims::merge(&mut claims, custom::of_client(app, request, token).await?);
    }
    Ok(Issued::Tokens(TokenResponse {
        access_token: sign(tenant, resource.algorithm, TokenType::AccessToken, &claims)?,
        token_type: Bearer::Bearer,
        expires_in: resource.access_token_ttl,
        scope,
        id_token: None,
        refresh_token: None,
    }))
}
