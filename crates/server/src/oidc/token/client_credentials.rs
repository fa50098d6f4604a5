//! `grant_type=client_credentials` — RFC 6749 §4.4. Unless an organization is named it touches no database: all it needs is in memory.

use std::borrow::Cow;

use protocol::{
    client::Resource,
    grant::client_credentials,
    jose::TokenType,
    organization,
    scope::ScopeSet,
    token::{
        access_token, custom_claims,
        response::{Bearer, TokenResponse},
    },
};
use store::membership::{self, Member};

use super::{
    custom::{self, Issued},
    issue::sign,
    target,
};
use crate::{app::App, error::OidcError, extract::client::ClientRequest};

/// Gives an application a token for an API or an organization, with the scopes of its own roles.
pub(super) async fn exchange(app: &App, request: &ClientRequest) -> Result<Issued, OidcError> {
    let ClientRequest {
        tenant,
        application,
        parameters,
    } = request;
    let Wanted {
        resource,
        held,
        within,
    } = wanted(app, request).await?;
    let scope = client_credentials::scope(&held, parameters.one("scope")?);

    let random = app.random_secret();
    let mut claims = access_token::client_claims(
        &tenant.issuer,
        &application.client,
        &resource,
        &scope,
        random.reveal(),
        app.now(),
    );
    if let Some(id) = within {
        access_token::within(&mut claims, id);
    }
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
        issued_token_type: None,
        id_token: None,
        refresh_token: None,
    }))
}

/// What an application wants a token for.
struct Wanted<'r> {
    resource: Cow<'r, Resource>,
    /// What its roles give there.
    held: Cow<'r, ScopeSet>,
    /// The organization that the token for an API is confined to.
    within: Option<&'r str>,
}

async fn wanted<'r>(app: &App, request: &'r ClientRequest) -> Result<Wanted<'r>, OidcError> {
    let (tenant, application) = (&request.tenant, &request.application);
    let requested = target::indicators(request);
    let within = target::organization_id(request)?;
    if let Some(id) = within {
        let (tenant_id, client_id) = (&tenant.id, &application.client.id);
        if !membership::has_application(app.db(), tenant_id, id, client_id).await? {
            return Err(OidcError::Forbidden(organization::not_a_member()));
        }
        if requested.is_empty() {
            let member = Member::Application(client_id);
            let held = membership::scopes(app.db(), tenant_id, id, member).await?;
            return Ok(Wanted {
                resource: Cow::Owned(organization::resource(id)),
                held: Cow::Owned(held.iter().map(String::as_str).collect()),
                within: None,
            });
        }
    }
    let default = application
        .client
        .default_resource
        .as_deref()
        .or_else(|| tenant.default_resource());
    let resource =
        client_credentials::target(default, &requested, |indicator| tenant.resource(indicator))?;
    let held = match within {
        Some(id) => Cow::Owned(held_within(app, request, resource, id).await?),
        None => match application.scopes.get(&resource.indicator) {
            Some(held) => Cow::Borrowed(held),
            None => Cow::Owned(ScopeSet::default()),
        },
    };
    Ok(Wanted {
        resource: Cow::Borrowed(resource),
        held,
        within,
    })
}

/// The scopes of an API that the application's roles in an organization give.
async fn held_within(
    app: &App,
    request: &ClientRequest,
    resource: &Resource,
    organization_id: &str,
) -> Result<ScopeSet, OidcError> {
    let held = membership::resource_scopes(
        app.db(),
        &request.tenant.id,
        organization_id,
        Member::Application(&request.client().id),
        &resource.indicator,
    )
    .await?;
    Ok(held.iter().map(String::as_str).collect())
}
