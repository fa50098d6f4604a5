//! Token introspection (RFC 7662).

use serde_json::{Map, Value, json};

use super::custom_claims;
use crate::{
    client::Client,
    record::{Grant, IssuedAccessToken, IssuedRefreshToken},
    time::Time,
};

/// Whether `caller` may be told of a token that `owner` holds: an application that can keep a secret may ask about
/// access tokens it is shown, any other only about its own.
pub fn may_see_access_token(caller: &Client, owner: &str) -> bool {
    caller.is_confidential() || caller.id == owner
}

/// The answer for a token that is unknown, over, or none of the caller's business (§2.2).
pub fn inactive() -> Value {
    json!({ "active": false })
}

/// The answer for an opaque access token of a grant that [`crate::grant::lives`].
pub fn access_token(
    issuer: &str,
    caller: &Client,
    token: &IssuedAccessToken,
    grant: &Grant,
    now: Time,
) -> Value {
    if now >= token.expires_at || !may_see_access_token(caller, &token.client_id) {
        return inactive();
    }
    let said = json!({
        "active": true,
        "token_type": "Bearer",
        "sub": grant.user_id,
        "client_id": token.client_id,
        "scope": token.scope,
        "iat": token.issued_at,
        "exp": token.expires_at,
        "iss": issuer,
    });
    let mut answer = custom_claims::allowed(token.custom_claims.clone());
    if let Value::Object(said) = said {
        answer.extend(said);
    }
    Value::Object(answer)
}

/// The answer for a JWT access token whose signature, issuer and time are checked, and whose grant, if any, lives.
pub fn jwt(caller: &Client, claims: Map<String, Value>) -> Value {
    let owner = claims.get("client_id").and_then(Value::as_str);
    if !owner.is_some_and(|owner| may_see_access_token(caller, owner)) {
        return inactive();
    }
    // Last, because a script may have put claims of these names into the token.
    let mut answer = claims;
    answer.insert("active".to_owned(), true.into());
    answer.insert("token_type".to_owned(), "Bearer".into());
    Value::Object(answer)
}

/// The answer for a refresh token of a grant that lives: only its owner is told, and never that a rotated one works.
pub fn refresh_token(
    issuer: &str,
    caller: &Client,
    token: &IssuedRefreshToken,
    grant: &Grant,
    now: Time,
) -> Value {
    if now >= token.expires_at || token.rotated_at.is_some() || token.client_id != caller.id {
        return inactive();
    }
    json!({
        "active": true,
        "sub": grant.user_id,
        "client_id": token.client_id,
        "scope": grant.scope,
        "iat": token.issued_at,
        "exp": token.expires_at,
        "iss": issuer,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{access_token, inactive, jwt, refresh_token};
    use crate::{
        client::{ApplicationType::*, Client},
        record::{IssuedAccessToken, IssuedRefreshToken},
        samples::{client, grant},
        scope::ScopeSet,
        time::Time,
    };

    fn other(kind: crate::client::ApplicationType) -> Client {
        Client {
            id: "other".to_owned(),
            ..client(kind)
        }
    }

    fn opaque() -> IssuedAccessToken {
        IssuedAccessToken {
            grant_id: "g".to_owned(),
            client_id: "chat".to_owned(),
            scope: ScopeSet::parse("openid email"),
            issued_at: Time(1_000),
            expires_at: Time(4_600),
            custom_claims: Map::new(),
        }
    }

    fn refresh() -> IssuedRefreshToken {
        IssuedRefreshToken {
            grant_id: "g".to_owned(),
            client_id: "chat".to_owned(),
            family_started_at: Time(1_000),
            issued_at: Time(1_000),
            expires_at: Time(9_000),
            rotated_at: None,
        }
    }

    #[test]
    fn an_opaque_token_is_described() {
        let grant = grant("openid email");
        let answer = access_token("i", &client(Traditional), &opaque(), &grant, Time(2_000));
        assert_eq!(
            answer,
            json!({
                "active": true, "token_type": "Bearer", "sub": "ann", "client_id": "chat",
                "scope": "openid email", "iat": 1_000, "exp": 4_600, "iss": "i",
            })
        );
    }

    #[test]
    fn what_a_script_said_is_told_and_cannot_change_what_the_token_is() {
        let custom = json!({
            "plan": "gold", "active": false, "sub": "eve", "exp": 1, "aud": "https://api", "token_type": "DPoP",
        });
        let mut token = opaque();
        token.custom_claims = custom.as_object().unwrap().clone();
        let answer = access_token(
            "i",
            &client(Traditional),
            &token,
            &grant("openid"),
            Time(2_000),
        );
        assert_eq!(answer["plan"], "gold");
        assert_eq!(answer["sub"], "ann");
        assert_eq!(answer["exp"], 4_600);
        assert_eq!(answer.get("aud"), None);

        let claims =
            json!({ "client_id": "chat", "active": false, "token_type": "DPoP", "plan": "gold" });
        let signed = jwt(&client(Traditional), claims.as_object().unwrap().clone());
        for answer in [answer, signed] {
            assert_eq!(answer["active"], true);
            assert_eq!(answer["token_type"], "Bearer");
            assert_eq!(answer["plan"], "gold");
        }
    }

    #[test]
    fn t24_an_expired_token_is_inactive_and_nothing_more_is_said() {
        let grant = grant("openid");
        let me = client(Traditional);
        assert_eq!(inactive(), json!({"active": false}));
        let late = access_token("i", &me, &opaque(), &grant, Time(4_600));
        assert_eq!(late, inactive());
        let late = refresh_token("i", &me, &refresh(), &grant, Time(9_000));
        assert_eq!(late, inactive());
        let mut rotated = refresh();
        rotated.rotated_at = Some(Time(1_500));
        let used = refresh_token("i", &me, &rotated, &grant, Time(1_501));
        assert_eq!(used, inactive());
    }

    #[test]
    fn who_may_ask_about_whose_token() {
        let grant = grant("openid");
        let claims = json!({"client_id": "chat", "sub": "ann", "aud": "https://api"});
        let claims = || claims.as_object().unwrap().clone();
        let active = |answer: &Value| answer["active"] == true;
        for (caller, access, refreshing) in [
            (client(Traditional), true, true),
            (client(Spa), true, true),
            (other(Traditional), true, false),
            (other(MachineToMachine), true, false),
            (other(Spa), false, false),
            (other(Native), false, false),
        ] {
            let now = Time(2_000);
            let opaque = access_token("i", &caller, &opaque(), &grant, now);
            assert_eq!(active(&opaque), access, "{caller:?}");
            assert_eq!(active(&jwt(&caller, claims())), access, "{caller:?}");
            let token = refresh_token("i", &caller, &refresh(), &grant, now);
            assert_eq!(active(&token), refreshing, "{caller:?}");
        }
    }
}
