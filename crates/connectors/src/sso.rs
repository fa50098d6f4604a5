//! Identity providers of enterprises: their kinds, their configurations, and what they say of themselves
//! (`contract/logto-core.md` §8.9).

mod config;
mod saml;

use serde_json::{Map, Value, json};

pub use self::config::Config;
use crate::{
    error::ConnectorError,
    factory::monogram,
    http::Guarded,
    secret::{Confidential, is_address},
    social::discover,
};

/// A kind of provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Such as `AzureAdOidc`.
    pub name: &'static str,
    /// What it speaks.
    pub protocol: Protocol,
    /// What people call it.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OpenID Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
}

impl Protocol {
    /// `oidc` or `saml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
        }
    }
}

/// The issuer of every Google Workspace.
const GOOGLE: &str = "https://accounts.google.com";

/// The kinds of providers.
pub const PROVIDERS: [Provider; 6] = [
    Provider {
        name: "OIDC",
        protocol: Protocol::Oidc,
        title: "OpenID Connect",
        description: "Any identity provider that speaks OpenID Connect.",
    },
    Provider {
        name: "SAML",
        protocol: Protocol::Saml,
        title: "SAML",
        description: "Any identity provider that speaks SAML 2.0.",
    },
    Provider {
        name: "AzureAD",
        protocol: Protocol::Saml,
        title: "Microsoft Entra ID (SAML)",
        description: "Microsoft's identity provider, by SAML 2.0.",
    },
    Provider {
        name: "GoogleWorkspace",
        protocol: Protocol::Oidc,
        title: "Google Workspace",
        description: "Google's identity provider for organizations.",
    },
    Provider {
        name: "Okta",
        protocol: Protocol::Oidc,
        title: "Okta",
        description: "Okta's identity provider, by OpenID Connect.",
    },
    Provider {
        name: "AzureAdOidc",
        protocol: Protocol::Oidc,
        title: "Microsoft Entra ID (OIDC)",
        description: "Microsoft's identity provider, by OpenID Connect.",
    },
];

/// The members of configurations that are no secrets; what a release does not know may be one.
const PLAIN: [&str; 9] = [
    "clientId",
    "issuer",
    "scope",
    "metadataUrl",
    "metadata",
    "entityId",
    "signInEndpoint",
    "x509Certificate",
    "attributeMapping",
];
/// Another, which is an address although nothing is sent there.
const ALGORITHM: &str = "requestSignatureAlgorithm";

impl Confidential for Provider {
    fn is_secret(&self, path: &[&str]) -> bool {
        path.first()
            .is_some_and(|first| *first != ALGORITHM && !PLAIN.contains(first))
    }

    fn is_destination(&self, path: &[&str], value: &Value) -> bool {
        let is_sent = |first: &&str| !["attributeMapping", "scope", ALGORITHM].contains(first);
        path.first().is_some_and(is_sent) && is_address(value)
    }
}

impl Provider {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        PROVIDERS.into_iter().find(|known| known.name == name)
    }

    /// A picture, as an address of the scheme `data`.
    pub fn logo(self) -> String {
        monogram(self.title, "#5a4a78")
    }

    /// Reads a configuration; the error names the field.
    pub fn read(self, config: &Map<String, Value>) -> Result<Config, ConnectorError> {
        Config::read(self, config)
    }

    /// What the provider says of itself, fetched where the configuration says, in the form that callers of the API see.
    pub async fn inspect(self, http: &Guarded, config: &Config) -> Result<Value, ConnectorError> {
        match config {
            Config::Oidc(config) => {
                let issuer = config.issuer.as_deref().unwrap_or(GOOGLE);
                oidc(http, issuer, self.name == "AzureAdOidc").await
            }
            Config::Saml(config) => {
                let provider = saml::identity_provider(http, config).await?;
                Ok(json!({
                    "identityProvider": provider,
                    "defaultAttributeMapping": { "id": "nameID", "email": "email", "name": "name" },
                }))
            }
        }
    }
}

/// The addresses of an OpenID provider. Where the issuer stands for many tenants, it names none in particular.
async fn oidc(http: &Guarded, issuer: &str, is_for_many: bool) -> Result<Value, ConnectorError> {
    let document = discover(http, issuer).await?;
    let text = |name: &str| {
        let missing = || ConnectorError::InvalidResponse(format!("discovery lacks {name}"));
        document
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(missing)
    };
    let said = text("issuer")?;
    let is_same = said.trim_end_matches('/') == issuer.trim_end_matches('/');
    let is_template = is_for_many && said.contains("{tenantid}");
    if !is_same && !is_template {
        let why = "discovery names another issuer".to_owned();
        return Err(ConnectorError::InvalidResponse(why));
    }
    Ok(json!({
        "issuer": said,
        "authorizationEndpoint": text("authorization_endpoint")?,
        "tokenEndpoint": text("token_endpoint")?,
        "userinfoEndpoint": document.get("userinfo_endpoint"),
        "jwksUri": text("jwks_uri")?,
    }))
}
