//! What a client shows in place of its secret (RFC 7523 §2.2, OpenID Connect Core §9).

use serde_json::json;

use crate::{
    jose::{MacAlgorithm, SignError, sign_with_secret},
    secret::Secret,
    time::Time,
};

/// The `client_assertion_type` of assertions that are JSON Web Tokens (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Seconds for which an assertion is good: it is used at once, and the other side's clock may be five minutes ahead.
const LIFETIME: i64 = 300;

/// A `client_secret_jwt` assertion: the claims of RFC 7523 §3, for one audience and one use.
///
/// `jti` must be another one for each assertion.
pub fn client_secret_jwt(
    algorithm: MacAlgorithm,
    client_id: &str,
    secret: &Secret,
    audience: &str,
    jti: &str,
    now: Time,
) -> Result<String, SignError> {
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": jti,
        "iat": now,
        "exp": now.plus(LIFETIME),
    });
    sign_with_secret(algorithm, secret, &claims)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::client_secret_jwt;
    use crate::{jose::MacAlgorithm, secret::Secret, time::Time};

    #[test]
    fn an_assertion_names_its_client_twice_its_audience_and_its_end() {
        let secret = Secret::new("swordfish");
        let token = client_secret_jwt(
            MacAlgorithm::HS384,
            "hufu",
            &secret,
            "https://a.example/token",
            "once",
            Time(1_000),
        )
        .unwrap();
        let payload = token.split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let expected = json!({
            "iss": "hufu", "sub": "hufu", "aud": "https://a.example/token",
            "jti": "once", "iat": 1_000, "exp": 1_300,
        });
        assert_eq!(claims, expected);
        assert!(!token.contains("swordfish"), "t55");
    }
}
