//! Entries of the token and revocation endpoints.

use std::sync::Arc;

use protocol::{parameters::Parameters, scope::ScopeSet};

use super::Entry;
use crate::{
    app::App,
    error::{Failure, OidcError},
    tenant::Tenant,
};

/// The key of an exchange, by its `grant_type`.
pub fn exchange_key(grant_type: Option<&str>) -> &'static str {
    match grant_type {
        Some("authorization_code") => "ExchangeTokenBy.AuthorizationCode",
        Some("refresh_token") => "ExchangeTokenBy.RefreshToken",
        Some("client_credentials") => "ExchangeTokenBy.ClientCredentials",
        Some("urn:ietf:params:oauth:grant-type:token-exchange") => "ExchangeTokenBy.TokenExchange",
        Some("urn:ietf:params:oauth:grant-type:device_code") => "ExchangeTokenBy.DeviceCode",
        _ => "ExchangeTokenBy.Unknown",
    }
}

/// What was issued.
#[derive(Clone, Debug)]
pub struct Exchanged {
    /// The scope of the access token.
    pub scope: ScopeSet,
    /// Whether there is an ID token.
    pub has_id_token: bool,
    /// Whether there is a refresh token.
    pub has_refresh_token: bool,
}

/// Records an exchange, or why there was none.
pub async fn exchanged(
    app: &App,
    tenant: &Arc<Tenant>,
    client_id: Option<&str>,
    parameters: Parameters,
    outcome: Result<Exchanged, &OidcError>,
) {
    let entry = Entry::new(app, tenant, exchange_key(parameters.lenient("grant_type")));
    let entry = with_client(entry, client_id).parameters(parameters);
    let entry = match outcome {
        Ok(exchanged) => {
            let mut types = vec!["AccessToken"];
            types.extend(exchanged.has_refresh_token.then_some("RefreshToken"));
            types.extend(exchanged.has_id_token.then_some("IdToken"));
            entry
                .with("tokenTypes", types)
                .with("scope", exchanged.scope.to_string())
        }
        Err(error) => with_fault(entry, error),
    };
    app.audit().record(entry).await;
}

/// Records that a client could not prove who it is, at an endpoint that is recorded.
pub async fn unproven(
    app: &App,
    tenant: &Arc<Tenant>,
    path: &str,
    parameters: Parameters,
    error: &OidcError,
) {
    let named = parameters.lenient("client_id").map(str::to_owned);
    let named = named.filter(|id| tenant.application(id).is_some());
    if path.ends_with("/token") {
        exchanged(app, tenant, named.as_deref(), parameters, Err(error)).await;
    } else if path.ends_with("/revocation") {
        revoked(app, tenant, named.as_deref(), parameters, Err(error)).await;
    }
}

/// Records that a client revoked a token, or why it could not.
pub async fn revoked(
    app: &App,
    tenant: &Arc<Tenant>,
    client_id: Option<&str>,
    parameters: Parameters,
    outcome: Result<(), &OidcError>,
) {
    let entry = Entry::new(app, tenant, "RevokeToken");
    let entry = with_client(entry, client_id).parameters(parameters);
    let entry = match outcome {
        Ok(()) => entry,
        Err(error) => with_fault(entry, error),
    };
    app.audit().record(entry).await;
}

/// Records that grants ended, with all their tokens, and why.
pub async fn grants_revoked(
    app: &App,
    tenant: &Arc<Tenant>,
    client_id: &str,
    grant_ids: &[String],
    reason: &'static str,
) {
    let entry = Entry::new(app, tenant, "RevokeGrants")
        .application(client_id)
        .with("grantIds", grant_ids)
        .with("reason", reason);
    app.audit().record(entry).await;
}

fn with_client(entry: Entry, client_id: Option<&str>) -> Entry {
    match client_id {
        Some(id) => entry.application(id),
        None => entry,
    }
}

fn with_fault(entry: Entry, error: &OidcError) -> Entry {
    match error {
        OidcError::Refused { error, .. } | OidcError::Forbidden(error) => entry.failed(
            format!("oidc.{}", error.code.as_str()),
            error.description.clone(),
        ),
        OidcError::Failed(Failure::Busy(_)) => {
            entry.failed("oidc.temporarily_unavailable", "too much is waiting")
        }
        OidcError::Failed(Failure::Internal(_)) => {
            entry.failed("oidc.server_error", "the server failed")
        }
    }
}
