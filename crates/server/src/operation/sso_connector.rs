//! Identity providers of enterprises (`contract/logto-core.md` §8.9).

use connectors::{
    http::Guarded,
    secret,
    sso::{Protocol, Provider},
};
use identity::sso::DomainsRefused;
use serde_json::{Map, Value, json};
use store::{Source, Vault, sso_connector::SsoConnector, sso_signing_key::SsoSigningKey};

use super::{OperationError, Refused, connector::refused};

/// The connector with this id, and its kind.
///
/// # Errors
/// When there is none, this release does not know its kind, or the database fails.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant: &str,
    id: &str,
) -> Result<(SsoConnector, Provider), OperationError> {
    let found = store::sso_connector::find(source, vault, tenant, id).await?;
    let found = found.ok_or_else(|| Refused::not_exists("SSO connector", id))?;
    let provider = Provider::named(&found.provider_name).ok_or_else(|| {
        let message = format!("There is no kind of provider {:?}.", found.provider_name);
        Refused::new("connector.not_found", message).status(404)
    })?;
    Ok((found, provider))
}

/// The domains in the form that is compared.
///
/// # Errors
/// When one of them cannot be an enterprise's.
pub fn domains(given: &[String]) -> Result<Vec<String>, Refused> {
    identity::sso::domains(given).map_err(|fault| {
        let (code, message, domains) = match fault {
            DomainsRefused::Forbidden(domains) => (
                "single_sign_on.forbidden_domains",
                "Anybody can have an address there",
                domains,
            ),
            DomainsRefused::Duplicated(domains) => (
                "single_sign_on.duplicated_domains",
                "Domains are named twice",
                domains,
            ),
            DomainsRefused::Malformed(domains) => (
                "single_sign_on.invalid_domain_format",
                "These are no domains",
                domains,
            ),
        };
        let message = format!("{message}: {}.", domains.join(", "));
        Refused::new(code, message).with(json!({ "data": domains }))
    })
}

/// Checks that requests are signed only where one of these keys is active.
///
/// # Errors
/// `single_sign_on.active_signing_key_required`.
pub fn check_signing(config: &Map<String, Value>, keys: &[SsoSigningKey]) -> Result<(), Refused> {
    let signs = config
        .get("signAuthnRequest")
        .is_some_and(|signs| signs == true);
    if !signs || keys.iter().any(|key| key.active) {
        return Ok(());
    }
    let message = "Requests can be signed when there is an active signing key.";
    Err(Refused::new(
        "single_sign_on.active_signing_key_required",
        message,
    ))
}

/// Checks a configuration: its form, and that the provider is where it says.
///
/// # Errors
/// When it is not.
pub async fn check(
    http: &Guarded,
    provider: Provider,
    config: &Map<String, Value>,
) -> Result<(), Refused> {
    let config = provider.read(config).map_err(|error| refused(&error))?;
    let inspected = provider.inspect(http, &config).await;
    inspected.map(drop).map_err(|error| refused(&error))
}

/// Puts what is stored in place of the masks in a configuration.
///
/// # Errors
/// When nothing is stored that a mask could stand for, or it would be sent elsewhere.
pub fn unmask(
    provider: Provider,
    config: &mut Map<String, Value>,
    stored: Option<&Map<String, Value>>,
) -> Result<(), Refused> {
    secret::unmask(config, stored, &provider).map_err(|why| refused(&why.into()))
}

/// Checks that the tokens of such a provider can be kept.
///
/// # Errors
/// When they cannot.
pub fn check_tokens(provider: Provider, stores_tokens: bool) -> Result<(), Refused> {
    if stores_tokens && provider.protocol == Protocol::Saml {
        let message = "A SAML provider gives no tokens to keep.";
        return Err(Refused::new("connector.token_storage_not_supported", message).status(400));
    }
    Ok(())
}
