//! A registered client, as the rules of the protocol see an application.

use serde::{Deserialize, Serialize};

use crate::{claims, jose::SigningAlgorithm, scope::ScopeSet};

/// The kind of application: it decides grants, client authentication and PKCE (`contract/logto-core.md` §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ApplicationType {
    /// Runs on the user's device; public client.
    Native,
    /// Runs in the browser; public client.
    #[serde(rename = "SPA")]
    Spa,
    /// Runs on a server and keeps a secret.
    Traditional,
    /// Acts for itself, without a user.
    MachineToMachine,
    /// A site behind a protecting proxy; like [`Self::Traditional`].
    Protected,
    /// A SAML service provider; like [`Self::Traditional`].
    #[serde(rename = "SAML")]
    Saml,
}

impl ApplicationType {
    /// Whether clients of this type cannot keep a secret (RFC 6749 §2.1).
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Native | Self::Spa)
    }
}

/// How a client proves itself at the token endpoint (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// `client_secret_basic`.
    ClientSecretBasic,
    /// `client_secret_post`.
    ClientSecretPost,
    /// `none`: public clients.
    None,
}

/// What an application registered: everything a rule needs to know of it.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that operators turn by itself"
)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// What people see it called.
    pub name: String,
    /// Its kind.
    pub kind: ApplicationType,
    /// Whether people are asked for consent before it gets anything.
    pub is_third_party: bool,
    /// When it is third-party: the scopes about the person that it may ask for, besides `openid` and `offline_access`.
    pub user_scopes: ScopeSet,
    /// Registered redirection addresses.
    pub redirect_uris: Vec<String>,
    /// Addresses the browser may be sent to after logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens are posted (OpenID Connect Back-Channel Logout §2.2).
    pub backchannel_logout_uri: Option<String>,
    /// The application's logo, shown on the sign-in and consent pages.
    pub logo_uri: Option<String>,
    /// Origins that may call the OIDC endpoints from a browser, besides those of the redirect URIs.
    pub cors_allowed_origins: Vec<String>,
    /// Narrows client authentication to one method; `None` accepts basic and post for confidential clients.
    pub auth_method: Option<ClientAuthMethod>,
    /// The algorithm of its ID tokens: RS256 unless the application says otherwise.
    pub id_token_algorithm: SigningAlgorithm,
    /// Life of an ID token in seconds.
    pub id_token_ttl: i64,
    /// Life of a refresh token in seconds.
    pub refresh_token_ttl: i64,
    /// Whether a refresh token is issued without `offline_access`.
    pub always_issue_refresh_token: bool,
    /// Whether refresh tokens are replaced when used.
    pub rotate_refresh_token: bool,
    /// How many sign-ins of one person it may have at once ([`crate::grant::limit`]).
    pub max_allowed_grants: Option<usize>,
    /// Whether it runs on a device without a browser and signs people in by codes alone (RFC 8628).
    pub is_device_flow: bool,
    /// Whether it may exchange tokens (RFC 8693). A third-party application never may.
    pub allow_token_exchange: bool,
    /// The API resource assumed when a request names none.
    pub default_resource: Option<String>,
}

impl Client {
    /// Whether it may ask for a scope: a third-party application for what it was allowed about the person
    /// (`contract/logto-core.md` §3.15); APIs and organizations have limits of their own.
    pub fn may_ask_for(&self, scope: &str) -> bool {
        !self.is_third_party
            || matches!(scope, "openid" | "offline_access")
            || !(claims::is_identity_scope(scope) || scope.starts_with("urn:logto:scope:"))
            || self.user_scopes.contains(scope)
    }

    /// Whether the client must authenticate at the token endpoint.
    pub const fn is_confidential(&self) -> bool {
        !self.kind.is_public()
    }
}

/// An API that access tokens are made for (RFC 8707).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The absolute URI that clients name in `resource` or `audience`.
    pub indicator: String,
    /// Life of its access tokens in seconds.
    pub access_token_ttl: i64,
    /// The algorithm of its access tokens.
    pub algorithm: SigningAlgorithm,
}
