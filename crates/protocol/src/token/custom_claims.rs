//! Claims that an operator's script adds to access tokens, and what the script is told of the token (`contract/logto-core.md` §10.1).

use serde_json::{Map, Value, json};

use crate::{record::Grant, scope::ScopeSet};

/// Claims that say what a token is (RFC 9068 §2.2): no script changes them.
const REGISTERED: [&str; 8] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "jti",
    "client_id",
    "scope",
];

/// The claims of `custom` that a token may carry: all but the registered ones.
pub fn allowed(mut custom: Map<String, Value>) -> Map<String, Value> {
    custom.retain(|name, _| !REGISTERED.contains(&name.as_str()));
    custom
}

/// Adds `custom` to the claims of a token. They go before `act` and `organization_id`, and never before a registered claim.
pub fn merge(claims: &mut Map<String, Value>, custom: Map<String, Value>) {
    claims.extend(allowed(custom));
}

/// What a script is told of a token that comes of `grant`, as oidc-provider's tokens call it. `audience` is `None` for an opaque token.
pub fn user_token(
    grant: &Grant,
    grant_type: &str,
    audience: Option<&str>,
    scope: &ScopeSet,
    jti: &str,
) -> Map<String, Value> {
    let mut token = common("AccessToken", &grant.client_id, audience, scope, jti);
    let lives_with_session = grant.session_id.is_some() && !grant.scope.contains("offline_access");
    token.insert("accountId".to_owned(), json!(grant.user_id));
    token.insert("expiresWithSession".to_owned(), json!(lives_with_session));
    token.insert("grantId".to_owned(), json!(grant.id));
    token.insert("gty".to_owned(), json!(gty(grant_type)));
    if let Some(session) = &grant.session_id {
        token.insert("sessionUid".to_owned(), json!(session));
        token.insert("sid".to_owned(), json!(session));
    }
    token
}

/// What a script is told of a token that an application gets for itself.
pub fn client_token(
    client_id: &str,
    audience: &str,
    scope: &ScopeSet,
    jti: &str,
) -> Map<String, Value> {
    common("ClientCredentials", client_id, Some(audience), scope, jti)
}

/// A refreshed token names the grant type it began with as well.
fn gty(grant_type: &str) -> &str {
    match grant_type {
        "refresh_token" => "authorization_code refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code" => "device_code",
        other => other,
    }
}

fn common(
    kind: &str,
    client_id: &str,
    audience: Option<&str>,
    scope: &ScopeSet,
    jti: &str,
) -> Map<String, Value> {
    let mut token = Map::new();
    let mut set = |name: &str, value: Value| token.insert(name.to_owned(), value);
    set("kind", json!(kind));
    set("jti", json!(jti));
    if let Some(audience) = audience {
        set("aud", json!(audience));
    }
    if !scope.is_empty() {
        set("scope", json!(scope));
    }
    set("clientId", json!(client_id));
    token
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{REGISTERED, client_token, merge, user_token};
    use crate::{samples::grant, scope::ScopeSet};

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn registered_claims_cannot_be_replaced() {
        for name in REGISTERED {
            for before in [Map::new(), object(json!({ name: "ours" }))] {
                let mut claims = before.clone();
                merge(&mut claims, object(json!({ name: "theirs", "more": 1 })));
                assert_eq!(claims.get(name), before.get(name), "{name}");
                assert_eq!(claims["more"], 1);
            }
        }
    }

    #[test]
    fn scripts_claims_win_over_act_and_organization_id() {
        let mut claims = object(json!({
            "sub": "ann", "act": { "sub": "bob" }, "organization_id": "o",
        }));
        let custom =
            json!({ "act": { "sub": "eve" }, "organization_id": null, "roles": ["a"], "SUB": "x" });
        merge(&mut claims, object(custom));
        assert_eq!(
            Value::Object(claims),
            json!({ "sub": "ann", "act": { "sub": "eve" }, "organization_id": null, "roles": ["a"], "SUB": "x" })
        );
    }

    #[test]
    fn a_persons_token_is_described() {
        let scope = ScopeSet::parse("openid read");
        let jwt = user_token(
            &grant("openid read"),
            "authorization_code",
            Some("https://api"),
            &scope,
            "j",
        );
        assert_eq!(
            Value::Object(jwt),
            json!({
                "kind": "AccessToken", "jti": "j", "aud": "https://api", "scope": "openid read", "clientId": "chat",
                "accountId": "ann", "expiresWithSession": true, "grantId": "g23456789012345678901",
                "gty": "authorization_code", "sessionUid": "s23456789012345678901", "sid": "s23456789012345678901",
            })
        );
    }

    #[test]
    fn an_opaque_refreshed_token_without_a_session_is_described() {
        let mut grant = grant("openid offline_access");
        for (session, lives_with_session) in [(grant.session_id.take(), false), (None, false)] {
            grant.session_id.clone_from(&session);
            let token = user_token(&grant, "refresh_token", None, &ScopeSet::default(), "j");
            assert_eq!(token["gty"], "authorization_code refresh_token");
            assert_eq!(token["expiresWithSession"], lives_with_session);
            assert_eq!(token.contains_key("sid"), session.is_some());
            assert!(!token.contains_key("aud") && !token.contains_key("scope"));
        }
    }

    #[test]
    fn an_applications_token_is_described() {
        let token = client_token("worker", "https://api", &ScopeSet::parse("read"), "j");
        assert_eq!(
            Value::Object(token),
            json!({
                "kind": "ClientCredentials", "jti": "j", "aud": "https://api", "scope": "read", "clientId": "worker",
            })
        );
    }
}
