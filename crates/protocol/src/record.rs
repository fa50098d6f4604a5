//! What the server remembers between requests: the values that rules read and that the store writes.
//!
//! One authorization makes one [`Grant`]; its code, access tokens and refresh tokens all name it, so that revoking the
//! grant ends everything that came of it (RFC 6749 §4.1.2, §10.4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{scope::ScopeSet, time::Time};

/// A person signed in at one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The public id: the `sid` claim.
    pub id: String,
    /// Who signed in.
    pub user_id: String,
    /// When the person last proved who they are: `auth_time`.
    pub authenticated_at: Time,
    /// How (RFC 8176), such as `pwd`.
    pub amr: Vec<String>,
    /// When the session ends unless it is used before.
    pub expires_at: Time,
}

/// What a person allowed an application at one authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// The application.
    pub client_id: String,
    /// The session it came from.
    pub session_id: Option<String>,
    /// The scopes that were granted.
    pub scope: ScopeSet,
    /// The API resources that were asked for.
    pub resources: Vec<String>,
    /// When the person had signed in.
    pub auth_time: Time,
    /// `nonce` of the authorization request.
    pub nonce: Option<String>,
    /// The `claims` parameter of the authorization request.
    pub claims: Option<ClaimsRequest>,
    /// When it was given.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

/// What a person has allowed a third-party application for good, over all authorizations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// The scopes.
    pub scope: ScopeSet,
    /// The API resources.
    pub resources: Vec<String>,
}

/// An authorization code that was issued (RFC 6749 §4.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCode {
    /// What it gives.
    pub grant_id: String,
    /// Who may redeem it.
    pub client_id: String,
    /// `redirect_uri` of the authorization request; `None` when the request named none.
    pub redirect_uri: Option<String>,
    /// `code_challenge` (S256) of the authorization request (RFC 7636 §4.3).
    pub code_challenge: Option<String>,
    /// When it stops working.
    pub expires_at: Time,
}

/// A device code that was issued (RFC 8628 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedDeviceCode {
    /// Who may redeem it.
    pub client_id: String,
    /// What the person decided.
    pub state: DeviceState,
    /// When the device asked last.
    pub last_polled_at: Option<Time>,
    /// When it stops working.
    pub expires_at: Time,
}

/// What has become of a device's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has decided yet.
    Pending,
    /// The person agreed.
    Granted {
        /// What it gives.
        grant_id: String,
    },
    /// The person declined.
    Denied,
}

/// A refresh token that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedRefreshToken {
    /// What it gives; also its family.
    pub grant_id: String,
    /// Who may use it.
    pub client_id: String,
    /// When the first token of the family was issued.
    pub family_started_at: Time,
    /// When this one was issued.
    pub issued_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was exchanged for its successor.
    pub rotated_at: Option<Time>,
}

/// An opaque access token that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedAccessToken {
    /// What it came from.
    pub grant_id: String,
    /// To whom it was issued.
    pub client_id: String,
    /// What it allows.
    pub scope: ScopeSet,
    /// When it was issued.
    pub issued_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// What a script said of it: told on introspection.
    pub custom_claims: Map<String, Value>,
}

/// The `claims` parameter: claims asked for by name (OpenID Connect Core §5.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// Names wanted from the userinfo endpoint.
    #[serde(default)]
    pub userinfo: Vec<String>,
    /// Names wanted in the ID token.
    #[serde(default)]
    pub id_token: Vec<String>,
}
