//! The configurations of enterprise providers, field for field as Logto has them.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::Url;

use super::{Protocol, Provider};
use crate::error::ConnectorError;

/// A configuration that was read.
#[derive(Clone)]
pub enum Config {
    /// Of a provider that speaks OpenID Connect.
    Oidc(Oidc),
    /// Of a provider that speaks SAML.
    Saml(Saml),
}

/// OpenID Connect.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Oidc {
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// Who it is; `None` for Google, whose issuer is known.
    pub issuer: Option<String>,
    /// What is asked for beside the usual.
    pub scope: Option<String>,
    /// Takes an address for proven when the provider says nothing about that.
    #[serde(default)]
    pub trust_unverified_email: bool,
    /// Google only: asks for a refresh token.
    #[serde(default)]
    pub offline_access: bool,
}

/// SAML.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saml {
    /// Where the provider describes itself.
    pub metadata_url: Option<String>,
    /// How the provider describes itself.
    pub metadata: Option<String>,
    /// Who it is.
    pub entity_id: Option<String>,
    /// Where people are sent.
    pub sign_in_endpoint: Option<String>,
    /// What it signs with.
    pub x509_certificate: Option<String>,
    /// Where the members of a profile stand.
    #[serde(default)]
    pub attribute_mapping: AttributeMapping,
    /// Whether our requests are signed.
    #[serde(default)]
    pub sign_authn_request: bool,
    /// How.
    pub request_signature_algorithm: Option<SignatureAlgorithm>,
}

/// `attributeMapping`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AttributeMapping {
    /// The person; `nameID` unless it says otherwise.
    pub id: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A name.
    pub name: Option<String>,
}

/// `requestSignatureAlgorithm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SignatureAlgorithm {
    /// RSA with SHA-256.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    RsaSha256,
    /// RSA with SHA-512.
    #[serde(rename = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")]
    RsaSha512,
}

impl Config {
    /// Reads the configuration of a provider; the error names the field.
    pub(super) fn read(
        provider: Provider,
        config: &Map<String, Value>,
    ) -> Result<Self, ConnectorError> {
        match provider.protocol {
            Protocol::Oidc => read(config)
                .and_then(|config| checked_oidc(provider, config))
                .map(Self::Oidc),
            Protocol::Saml => read(config).and_then(checked_saml).map(Self::Saml),
        }
    }
}

/// The secrets stay out of logs.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Oidc(_) => "Config::Oidc(…)",
            Self::Saml(_) => "Config::Saml(…)",
        })
    }
}

fn wrong(why: &str) -> ConnectorError {
    ConnectorError::InvalidConfig(why.to_owned())
}

fn read<T: DeserializeOwned>(config: &Map<String, Value>) -> Result<T, ConnectorError> {
    serde_json::from_value(Value::Object(config.clone()))
        .map_err(|error| ConnectorError::InvalidConfig(error.to_string()))
}

fn checked_oidc(provider: Provider, config: Oidc) -> Result<Oidc, ConnectorError> {
    if config.client_id.is_empty() || config.client_secret.is_empty() {
        return Err(wrong("clientId and clientSecret must not be empty"));
    }
    if provider.name == "GoogleWorkspace" {
        return Ok(Oidc {
            issuer: None,
            ..config
        });
    }
    match &config.issuer {
        Some(issuer) if is_address(issuer) => Ok(config),
        Some(_) => Err(wrong("issuer must be an http or https address")),
        None => Err(wrong("issuer is missing")),
    }
}

fn checked_saml(config: Saml) -> Result<Saml, ConnectorError> {
    let by_hand = [
        &config.entity_id,
        &config.sign_in_endpoint,
        &config.x509_certificate,
    ];
    let given = by_hand.iter().filter(|field| field.is_some()).count();
    let ways = usize::from(config.metadata_url.is_some())
        + usize::from(config.metadata.is_some())
        + usize::from(given > 0);
    if ways != 1 || (given > 0 && given < by_hand.len()) {
        let why = "give one of metadataUrl, metadata, or entityId with signInEndpoint and x509Certificate";
        return Err(wrong(why));
    }
    let addresses = [&config.metadata_url, &config.sign_in_endpoint];
    if addresses
        .into_iter()
        .flatten()
        .any(|address| !is_address(address))
    {
        return Err(wrong(
            "metadataUrl and signInEndpoint must be http or https addresses",
        ));
    }
    Ok(config)
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Provider;

    fn fault(provider: &str, config: Value) -> Option<String> {
        let provider = Provider::named(provider).unwrap();
        let read = provider.read(config.as_object().unwrap());
        read.err().map(|error| error.to_string())
    }

    #[test]
    fn a_configuration_is_as_its_provider_wants_it() {
        let client = |more: Value| {
            let mut config = json!({ "clientId": "a", "clientSecret": "b" });
            config
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            config
        };
        let by_hand =
            json!({ "entityId": "a", "signInEndpoint": "https://x", "x509Certificate": "c" });
        for (provider, config, expected) in [
            ("OIDC", client(json!({ "issuer": "https://id.test" })), None),
            ("OIDC", client(json!({})), Some("issuer is missing")),
            (
                "Okta",
                client(json!({ "issuer": "id.test" })),
                Some("issuer must be"),
            ),
            (
                "AzureAdOidc",
                json!({ "clientId": "a" }),
                Some("clientSecret"),
            ),
            (
                "OIDC",
                json!({ "clientId": "", "clientSecret": "b", "issuer": "https://x" }),
                Some("must not be empty"),
            ),
            ("GoogleWorkspace", client(json!({})), None),
            ("SAML", json!({ "metadataUrl": "https://x" }), None),
            ("SAML", json!({ "metadata": "<x/>" }), None),
            ("AzureAD", by_hand, None),
            ("SAML", json!({}), Some("give one of")),
            (
                "SAML",
                json!({ "metadataUrl": "https://x", "metadata": "<x/>" }),
                Some("give one of"),
            ),
            ("SAML", json!({ "entityId": "a" }), Some("give one of")),
            (
                "SAML",
                json!({ "metadataUrl": "file:///etc/passwd" }),
                Some("http"),
            ),
            (
                "SAML",
                json!({ "metadata": "<x/>", "requestSignatureAlgorithm": "rsa-md5" }),
                Some("variant"),
            ),
        ] {
            let fault = fault(provider, config.clone());
            match expected {
                None => assert_eq!(fault, None, "{provider} {config}"),
                Some(part) => assert!(
                    fault.as_ref().is_some_and(|fault| fault.contains(part)),
                    "{provider} {config} {fault:?}"
                ),
            }
        }
    }
}
