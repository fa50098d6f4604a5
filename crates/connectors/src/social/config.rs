//! The configurations of the connectors, field for field as Logto has them. Fields that are ours say so.

use std::collections::BTreeMap;

use identity::connector::Connector;
use protocol::jose::MacAlgorithm;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{id_token::Verification, preset};
use crate::error::ConnectorError;

/// Whether people can sign in with connectors of this factory.
pub fn is_built(factory: &str) -> bool {
    matches!(factory, "github-universal" | "oauth2" | "oidc") || preset::of(factory).is_some()
}

/// A configuration that was read.
#[derive(Clone, Debug)]
pub enum Config {
    /// `github-universal`.
    GitHub(GitHub),
    /// `oauth2`, and providers that we know the addresses of.
    OAuth2(OAuth2),
    /// `oidc`.
    Oidc(Oidc),
}

impl Config {
    /// The configuration of a connector.
    pub fn of(connector: &Connector) -> Result<Self, ConnectorError> {
        Self::read(&connector.factory, &connector.config)
    }

    /// Reads a configuration; the error names the field.
    pub fn read(factory: &str, config: &Map<String, Value>) -> Result<Self, ConnectorError> {
        match factory {
            "github-universal" => read(config).map(Self::GitHub),
            "oauth2" => read(config).map(Self::OAuth2),
            "oidc" => read(config).and_then(Oidc::checked).map(Self::Oidc),
            other if let Some(preset) = preset::of(other) => {
                read(config).map(|settings| Self::OAuth2(preset.config(settings)))
            }
            _ => Err(ConnectorError::InvalidConfig(format!(
                "{factory} is not built in"
            ))),
        }
    }
}

fn read<T: DeserializeOwned>(config: &Map<String, Value>) -> Result<T, ConnectorError> {
    serde_json::from_value(Value::Object(config.clone()))
        .map_err(|error| ConnectorError::InvalidConfig(error.to_string()))
}

/// GitHub. The three endpoints are ours: for GitHub Enterprise, and for tests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GitHub {
    /// Of the OAuth application.
    pub client_id: String,
    /// Of the OAuth application.
    pub client_secret: String,
    /// What is asked for; `read:user user:email` when absent.
    pub scope: Option<String>,
    /// Where people are sent.
    #[serde(default = "github_authorize")]
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    #[serde(default = "github_token")]
    pub token_endpoint: String,
    /// Where the person is asked for; `/emails` below it has the addresses.
    #[serde(default = "github_user")]
    pub user_info_endpoint: String,
}

fn github_authorize() -> String {
    "https://github.com/login/oauth/authorize".to_owned()
}

fn github_token() -> String {
    "https://github.com/login/oauth/access_token".to_owned()
}

fn github_user() -> String {
    "https://api.github.com/user".to_owned()
}

/// Any OAuth 2.0 provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2 {
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
    /// Where the person is asked for.
    pub user_info_endpoint: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// How we prove who we are.
    #[serde(default)]
    pub token_endpoint_auth_method: TokenEndpointAuthMethod,
    /// With what assertions are signed, where we prove it by one.
    #[serde(default)]
    pub client_secret_jwt_signing_algorithm: MacAlgorithm,
    /// How the token endpoint answers. JSON is recognised whatever this says.
    #[serde(default)]
    pub token_endpoint_response_type: TokenEndpointResponseType,
    /// What is asked for.
    pub scope: Option<String>,
    /// Where the members of a profile stand in the provider's answer.
    #[serde(default)]
    pub profile_map: ProfileMap,
    /// Added to the authorization address and to the token request.
    #[serde(default)]
    pub custom_config: BTreeMap<String, String>,
    /// Added to the authorization address alone; of those providers that we know.
    #[serde(skip)]
    pub authorization_parameters: BTreeMap<String, String>,
    /// Ours: takes addresses for proven although the provider does not say so.
    #[serde(default)]
    pub trust_unverified_email: bool,
    /// Ours: the same for phone numbers.
    #[serde(default)]
    pub trust_unverified_phone: bool,
}

/// `tokenEndpointAuthMethod`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum TokenEndpointAuthMethod {
    /// Id and secret in the form.
    #[default]
    #[serde(rename = "client_secret_post")]
    Post,
    /// Id and secret in the Authorization header, as they are.
    #[serde(rename = "client_secret_basic")]
    Basic,
    /// An assertion in the form, signed with the secret (OpenID Connect Core §9).
    #[serde(rename = "client_secret_jwt")]
    Jwt,
}

/// `tokenEndpointResponseType`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenEndpointResponseType {
    /// `access_token=…&token_type=…`
    #[default]
    QueryString,
    /// JSON.
    Json,
}

/// `profileMap`: paths such as `data.user.email` or `emails[0].value`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct ProfileMap {
    /// The provider's id of the person.
    pub id: String,
    /// An e-mail address.
    pub email: String,
    /// A phone number.
    pub phone: String,
    /// A name.
    pub name: String,
    /// Address of a picture.
    pub avatar: String,
}

impl Default for ProfileMap {
    fn default() -> Self {
        Self {
            id: "id".to_owned(),
            email: "email".to_owned(),
            phone: "phone".to_owned(),
            name: "name".to_owned(),
            avatar: "avatar".to_owned(),
        }
    }
}

/// Any OpenID Connect provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Oidc {
    /// Ours: with it the endpoints and keys are discovered, and need not be given.
    pub issuer: Option<String>,
    /// Where people are sent.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    pub token_endpoint: Option<String>,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// How we prove who we are.
    #[serde(default)]
    pub token_endpoint_auth_method: TokenEndpointAuthMethod,
    /// With what assertions are signed, where we prove it by one.
    #[serde(default)]
    pub client_secret_jwt_signing_algorithm: MacAlgorithm,
    /// What is asked for; `openid` is added.
    #[serde(default)]
    pub scope: String,
    /// How the ID token is checked.
    pub id_token_verification_config: Option<Verification>,
    /// Parameters of the authorization request.
    #[serde(default)]
    pub auth_request_optional_config: BTreeMap<String, Value>,
    /// Takes `"true"` for true.
    #[serde(default)]
    pub accept_string_typed_boolean_claims: bool,
    /// Takes an address for proven when the provider says nothing about that.
    #[serde(default)]
    pub trust_unverified_email: bool,
    /// Added to the authorization address and to the token request.
    #[serde(default)]
    pub custom_config: BTreeMap<String, String>,
}

impl Oidc {
    fn checked(self) -> Result<Self, ConnectorError> {
        if let Some(verification) = &self.id_token_verification_config {
            verification.check()?;
        }
        let complete = self.authorization_endpoint.is_some()
            && self.token_endpoint.is_some()
            && self.id_token_verification_config.is_some();
        if complete || self.issuer.is_some() {
            return Ok(self);
        }
        let why =
            "give issuer, or authorizationEndpoint, tokenEndpoint and idTokenVerificationConfig";
        Err(ConnectorError::InvalidConfig(why.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Config;

    fn read(factory: &str, config: serde_json::Value) -> Result<Config, String> {
        Config::read(factory, config.as_object().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_missing_field_is_named() {
        let error = read("github-universal", json!({ "clientId": "x" })).unwrap_err();
        assert!(error.contains("clientSecret"), "{error}");
        let error = read("oauth2", json!({ "clientId": "x", "clientSecret": "y" })).unwrap_err();
        assert!(error.contains("authorizationEndpoint"), "{error}");
        let error = read("oidc", json!({ "clientId": "x", "clientSecret": "y" })).unwrap_err();
        assert!(error.contains("issuer"), "{error}");
        assert!(read("weixin", json!({})).is_err());
    }

    /// `contract/logto-core.md` §8.3, §8.4.
    #[test]
    fn a_value_that_logto_does_not_know_is_refused() {
        let endpoints = json!({
            "authorizationEndpoint": "https://a.example/auth", "tokenEndpoint": "https://a.example/token",
            "userInfoEndpoint": "https://a.example/me", "clientId": "x", "clientSecret": "y",
            "idTokenVerificationConfig": { "jwksUri": "https://a.example/jwks" },
        });
        let with = |factory: &str, name: &str, value: serde_json::Value| {
            let mut config = endpoints.clone();
            config[name] = value;
            read(factory, config)
        };
        for factory in ["oauth2", "oidc"] {
            for method in [
                "client_secret_post",
                "client_secret_basic",
                "client_secret_jwt",
            ] {
                assert!(with(factory, "tokenEndpointAuthMethod", json!(method)).is_ok());
            }
            for algorithm in ["HS256", "HS384", "HS512"] {
                assert!(with(factory, "clientSecretJwtSigningAlgorithm", json!(algorithm)).is_ok());
            }
            for algorithm in ["RS256", "none", "hs256"] {
                let read = with(factory, "clientSecretJwtSigningAlgorithm", json!(algorithm));
                assert!(read.is_err(), "{algorithm}");
            }
        }
        let hmac = json!({ "jwksUri": "https://a.example/jwks", "algorithms": ["RS256", "HS256"] });
        let error = with("oidc", "idTokenVerificationConfig", hmac).unwrap_err();
        assert!(error.contains("HS256"), "{error}");
    }

    #[test]
    fn an_issuer_is_enough_for_openid_connect() {
        assert!(
            read(
                "oidc",
                json!({ "clientId": "x", "clientSecret": "y", "issuer": "https://id.example.com" })
            )
            .is_ok()
        );
    }
}
