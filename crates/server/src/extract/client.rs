//! A request by a client that has proven who it is.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::header,
};
use protocol::{
    client::Client,
    client_auth::{self, Presented, StoredSecret},
    error::{ErrorCode, OAuthError},
    parameters::Parameters,
};

use super::{body::Body, tenant::CurrentTenant};
use crate::{
    app::App,
    audit, cimd,
    error::OidcError,
    oidc::cors,
    tenant::{Application, Tenant},
};

/// The parameters of a POST request whose client is known: by its secret, or for public clients by its id alone.
pub struct ClientRequest {
    /// The tenant it was sent to.
    pub tenant: Arc<Tenant>,
    /// The client's application.
    pub application: Arc<Application>,
    /// The body.
    pub parameters: Parameters,
}

impl ClientRequest {
    /// The client, as the rules see it.
    pub fn client(&self) -> &Client {
        &self.application.client
    }

    /// The value of a parameter that must be there; `invalid_request` when it is not.
    pub fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.parameters
            .one(name)?
            .ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
    }
}

impl FromRequest<App> for ClientRequest {
    type Rejection = OidcError;

    async fn from_request(request: Request, app: &App) -> Result<Self, OidcError> {
        let (mut parts, body) = request.into_parts();
        let CurrentTenant(tenant) = CurrentTenant::from_request_parts(&mut parts, app).await?;
        let authorization = parts.headers.get(header::AUTHORIZATION).cloned();
        let asking = cors::AskingPage::of(&parts.extensions);
        let path = parts.uri.path().to_owned();
        let Body(parameters) = Body::from_request(Request::from_parts(parts, body), app).await?;

        let authorization = authorization.as_ref().and_then(|value| value.to_str().ok());
        match prove(app, &tenant, authorization, asking.as_ref(), &parameters).await {
            Ok(application) => Ok(Self {
                tenant,
                application,
                parameters,
            }),
            Err(error) => {
                audit::token::unproven(app, &tenant, &path, parameters, &error).await;
                Err(error)
            }
        }
    }
}

/// The application that a request proves to come from.
async fn prove(
    app: &App,
    tenant: &Tenant,
    authorization: Option<&str>,
    asking: Option<&cors::AskingPage>,
    parameters: &Parameters,
) -> Result<Arc<Application>, OidcError> {
    let presented = Presented::read(
        authorization,
        parameters.one("client_id")?,
        parameters.one("client_secret")?,
    )?;
    let challenge = |error: OAuthError| match error.code {
        ErrorCode::InvalidClient => OidcError::unauthenticated_client(error, &tenant.issuer),
        _ => error.into(),
    };
    let mut found = None;
    for id in presented.client_ids() {
        found = cimd::application(app, tenant, id)
            .await
            .map_err(challenge)?;
        if found.is_some() {
            break;
        }
    }
    let application = found.ok_or_else(|| challenge(client_auth::unknown()))?;
    cors::check(asking, tenant, &application.client)?;
    let secrets: Vec<_> = application
        .secrets
        .iter()
        .map(|secret| StoredSecret {
            hash: &secret.hash,
            expires_at: secret.expires_at,
        })
        .collect();
    presented
        .prove(&application.client, &secrets, app.now())
        .map_err(challenge)?;
    Ok(application)
}
