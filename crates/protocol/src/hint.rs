//! The `id_token_hint` parameter (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).

use serde_json::Value;

use crate::{
    jose::{Expect, KeyRing, TokenType},
    time::Time,
};

/// Whom an ID token of ours was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// `sub`: the person.
    pub subject: String,
    /// `aud`: the application.
    pub client_id: String,
    /// `sid`: the session.
    pub session_id: Option<String>,
}

impl Hint {
    /// Reads an ID token that `issuer` signed, even an expired one. `None` when it is anything else.
    pub fn read(token: &str, issuer: &str, keys: &KeyRing, now: Time) -> Option<Self> {
        let expect = Expect {
            typ: TokenType::IdToken,
            issuer,
            audience: None,
            allow_expired: true,
            leeway: 0,
        };
        let claims = keys.verify(token, &expect, now).ok()?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            subject: text("sub")?,
            client_id: text("aud")?,
            session_id: text("sid"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Hint;
    use crate::{
        jose::{KeyRing, KeyStatus, TokenType, test_keys},
        time::Time,
    };

    const ISSUER: &str = "https://id.example.com/oidc";

    #[test]
    fn an_expired_id_token_of_ours_is_still_a_hint() {
        let key = test_keys::es384();
        let keys = KeyRing::new(vec![(KeyStatus::Previous, key.clone())]);
        let claims = json!({"iss": ISSUER, "sub": "ann", "aud": "chat", "sid": "s1", "exp": 5});
        let token = key.sign(TokenType::IdToken, &claims).unwrap();
        let hint = Hint::read(&token, ISSUER, &keys, Time(1_000)).unwrap();
        assert_eq!((&*hint.subject, &*hint.client_id), ("ann", "chat"));
        assert_eq!(hint.session_id.as_deref(), Some("s1"));
        assert_eq!(Hint::read(&token, "https://other", &keys, Time(1)), None);
    }

    #[test]
    fn t19_access_tokens_and_unsigned_tokens_are_no_hints() {
        let key = test_keys::es384();
        let keys = KeyRing::new(vec![(KeyStatus::Current, key.clone())]);
        let claims = json!({"iss": ISSUER, "sub": "ann", "aud": "chat", "exp": 5_000});
        let access = key.sign(TokenType::AccessToken, &claims).unwrap();
        let good = key.sign(TokenType::IdToken, &claims).unwrap();
        let (signed, _) = good.rsplit_once('.').unwrap();
        for token in [&*access, &format!("{signed}."), "None", "null", "", "a.b.c"] {
            assert_eq!(
                Hint::read(token, ISSUER, &keys, Time(1_000)),
                None,
                "{token}"
            );
        }
    }
}
