//! The answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

use serde::Serialize;

use crate::scope::ScopeSet;

/// A successful token response. It has no `Debug`: everything in it is secret.
#[derive(Clone, Serialize)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: Bearer,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// What the access token allows.
    pub scope: ScopeSet,
    /// What kind of token a token exchange gave (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<&'static str>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The refresh token, when one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// The token type `Bearer` (RFC 6750).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Bearer {
    /// The only value.
    #[default]
    Bearer,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Bearer, TokenResponse};
    use crate::scope::ScopeSet;

    #[test]
    fn what_was_not_issued_is_left_out() {
        let response = TokenResponse {
            access_token: "a".to_owned(),
            token_type: Bearer::Bearer,
            expires_in: 3600,
            scope: ScopeSet::parse("openid"),
            issued_token_type: None,
            id_token: None,
            refresh_token: None,
        };
        assert_eq!(
            serde_json::to_value(response).unwrap(),
            json!({
                "access_token": "a", "token_type": "Bearer", "expires_in": 3600, "scope": "openid"
            })
        );
    }
}
