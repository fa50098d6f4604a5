//! The configuration of a mail server, field for field as Logto has it.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value};

use crate::{error::ConnectorError, http::Guarded};

/// Where access tokens are renewed unless the configuration says otherwise: at Google.
const ACCESS_URL: &str = "https://accounts.google.com/o/oauth2/token";

/// What is read of it. Timeouts longer than ours have no effect.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config {
    pub host: String,
    #[serde(deserialize_with = "port")]
    pub port: u16,
    pub from_email: String,
    pub reply_to: Option<String>,
    #[serde(default)]
    pub auth: Auth,
    /// TLS from the first byte on.
    #[serde(default)]
    pub secure: bool,
    #[serde(default, rename = "ignoreTLS")]
    pub ignore_tls: bool,
    #[serde(default, rename = "requireTLS")]
    pub require_tls: bool,
    #[serde(default)]
    pub tls: Tls,
    /// The name in the server's certificate.
    pub servername: Option<String>,
    /// What we call ourselves.
    name: Option<String>,
    connection_timeout: Option<u64>,
    #[serde(default)]
    custom_headers: Map<String, Value>,
}

/// `auth`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Auth {
    /// `login` or `oauth2`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub user: Option<String>,
    pub pass: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    refresh_token: Option<String>,
    access_token: Option<String>,
    access_url: Option<String>,
}

/// `tls`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Tls {
    /// `false` takes any certificate.
    pub reject_unauthorized: Option<bool>,
    /// Authorities to trust beside the system's, as PEM.
    pub ca: Option<String>,
}

impl Config {
    pub(super) fn read(config: &Map<String, Value>) -> Result<Self, ConnectorError> {
        serde_json::from_value(Value::Object(config.clone()))
            .map_err(|error| ConnectorError::InvalidConfig(error.to_string()))
    }

    /// What we call ourselves: the sender's domain unless the configuration says otherwise.
    pub(super) fn hello(&self) -> String {
        let domain = self.from_email.rsplit('@').next().unwrap_or_default();
        let domain = domain.trim_end_matches('>').trim();
        self.name.clone().unwrap_or_else(|| domain.to_owned())
    }

    pub(super) fn connection_timeout(&self) -> Duration {
        self.connection_timeout
            .map_or(Duration::MAX, Duration::from_millis)
    }

    /// Further headers.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, String)> {
        let one_line = |text: &str| text.chars().filter(|letter| !letter.is_control()).collect();
        self.custom_headers
            .iter()
            .filter_map(move |(name, value)| Some((name.as_str(), one_line(value.as_str()?))))
    }
}

impl Auth {
    /// The token to sign in with: the one that is given, else a new one for the refresh token.
    pub(super) async fn token(&self, http: &Guarded) -> Result<String, ConnectorError> {
        let (Some(refresh_token), Some(client_id)) = (&self.refresh_token, &self.client_id) else {
            let missing =
                "SMTP with OAuth 2.0 needs an access token, or a refresh token with a client id";
            return self
                .access_token
                .clone()
                .ok_or(ConnectorError::NotImplemented(missing));
        };
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = [
            field("grant_type", "refresh_token"),
            field("refresh_token", refresh_token),
            field("client_id", client_id),
            field(
                "client_secret",
                self.client_secret.as_deref().unwrap_or_default(),
            ),
        ];
        let address = self.access_url.as_deref().unwrap_or(ACCESS_URL);
        let answer = http.post_form(address, &form).await?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let token = body.get("access_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| {
            let status = answer.status;
            ConnectorError::InvalidAccessToken(format!("the answer has status {status}"))
        })
    }
}

/// A number, or its digits.
fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let port = match Value::deserialize(deserializer)? {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| u16::try_from(number).ok()),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    port.ok_or_else(|| D::Error::custom("port must be a number up to 65535"))
}
