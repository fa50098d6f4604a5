//! Providers that vouch for people (`contract/logto-core.md` §8).

mod config;
mod github;
mod id_token;
mod oauth2;
mod oidc;
mod preset;

use std::collections::HashMap;

use identity::{connector::Connector, social::SocialProfile};
use protocol::time::Time;
use serde::{Deserialize, Serialize};

pub use self::config::{Config, is_built};
pub(crate) use self::oidc::discover;
use crate::{error::ConnectorError, http::Guarded};

/// What is remembered between sending a person away and their return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Ties the return to this browser.
    pub state: String,
    /// Ties the provider's ID token to this sign-in.
    pub nonce: String,
    /// Where the provider sends the person.
    pub redirect_uri: String,
}

/// The address to which the person is sent.
pub async fn authorization_uri(
    http: &Guarded,
    connector: &Connector,
    started: &Started,
) -> Result<String, ConnectorError> {
    match Config::of(connector)? {
        Config::GitHub(config) => github::authorization_uri(&config, started),
        Config::OAuth2(config) => oauth2::authorization_uri(&config, started),
        Config::Oidc(config) => oidc::authorization_uri(http, &config, started).await,
    }
}

/// Whom the provider vouches for; `callback` is the query with which the person came back.
#[expect(
    clippy::implicit_hasher,
    reason = "a query has a few entries; nobody brings another hasher"
)]
pub async fn profile(
    http: &Guarded,
    connector: &Connector,
    callback: &HashMap<String, String>,
    started: &Started,
    now: Time,
) -> Result<SocialProfile, ConnectorError> {
    if let Some(error) = callback.get("error") {
        let description = callback.get("error_description").map_or("", String::as_str);
        return Err(ConnectorError::AuthorizationFailed(format!(
            "{error} {description}"
        )));
    }
    let missing = || ConnectorError::AuthorizationFailed("it sent no code".to_owned());
    let code = callback.get("code").ok_or_else(missing)?;
    match Config::of(connector)? {
        Config::GitHub(config) => github::profile(http, &config, code).await,
        Config::OAuth2(config) => oauth2::profile(http, &config, code, started, now).await,
        Config::Oidc(config) => oidc::profile(http, &config, code, started, now).await,
    }
}
