//! What an application registered, in Logto's words (`contract/logto-core.md` §3.11).

use protocol::{client::ClientAuthMethod, jose::SigningAlgorithm};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OidcClientMetadata {
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Where they may be sent after logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens are posted (OpenID Connect Back-Channel Logout §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether logout tokens name the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_session_required: Option<bool>,
    /// The application's logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Members this version does not know: they are kept.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomClientMetadata {
    /// Origins that may call the OIDC endpoints from a browser.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cors_allowed_origins: Vec<String>,
    /// Life of an ID token in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_ttl: Option<i64>,
    /// Life of a refresh token in seconds; the one in days goes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl: Option<i64>,
    /// Life of a refresh token in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl_in_days: Option<i64>,
    /// Whether a refresh token is issued without `offline_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub always_issue_refresh_token: Option<bool>,
    /// Whether refresh tokens are replaced when used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_refresh_token: Option<bool>,
    /// The algorithm of ID tokens. Not in Logto: an imported application carries the one its clients expect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signing_algorithm: Option<SigningAlgorithm>,
    /// Narrows client authentication to one method. Not in Logto.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<ClientAuthMethod>,
    /// The API that is assumed when a request names none. Not in Logto.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_resource: Option<String>,
    /// Members this version does not know: they are kept.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl CustomClientMetadata {
    /// Whether the switch `name` is among [`Self::rest`] and on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.rest.get(name).is_some_and(|value| value == true)
    }

    /// `maxAllowedGrants`, unless it is none or no limit.
    pub(super) fn max_allowed_grants(&self) -> Option<usize> {
        let most = self.rest.get("maxAllowedGrants")?.as_u64()?;
        usize::try_from(most).ok().filter(|most| *most > 0)
    }
}
