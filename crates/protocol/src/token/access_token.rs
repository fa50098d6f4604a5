//! Access tokens: opaque for this server itself, signed (RFC 9068) for an API.

use serde_json::{Map, Value, json};

use crate::{
    claims::is_identity_scope,
    client::{Client, Resource},
    record::Grant,
    scope::ScopeSet,
    time::Time,
};

/// Life of an opaque access token in seconds.
pub const OPAQUE_LIFE: i64 = 3600;

/// Characters of a grant id, with which the `jti` of its tokens begins.
const GRANT_ID_LENGTH: usize = 21;

/// The scope of an opaque token: what concerns the person.
pub fn opaque_scope(scope: &ScopeSet) -> ScopeSet {
    scope.filtered(is_identity_scope)
}

/// The scope of a token for an API: what concerns the person, and what the person's roles give for that API now.
pub fn resource_scope(scope: &ScopeSet, held: &ScopeSet) -> ScopeSet {
    scope.filtered(|value| is_identity_scope(value) || held.contains(value))
}

/// Marks a token for an API as one for what its owner may do in an organization.
pub fn within(claims: &mut Map<String, Value>, organization_id: &str) {
    claims.insert("organization_id".to_owned(), json!(organization_id));
}

/// The claims of a token for `resource` that comes of `grant`. `random` are 22 characters drawn for it.
///
/// The `jti` begins with the grant's id, so that this server can tell whether the grant still lives; see [`grant_id`].
pub fn claims(
    issuer: &str,
    grant: &Grant,
    resource: &Resource,
    scope: &ScopeSet,
    random: &str,
    now: Time,
) -> Map<String, Value> {
    let jti = format!("{}{random}", grant.id);
    body(
        issuer,
        &jti,
        &grant.user_id,
        &grant.client_id,
        resource,
        scope,
        now,
    )
}

/// The claims of a token for `resource` that an application gets for itself: its `sub` is the client's id.
/// `jti` are 43 characters drawn for it.
pub fn client_claims(
    issuer: &str,
    client: &Client,
    resource: &Resource,
    scope: &ScopeSet,
    jti: &str,
    now: Time,
) -> Map<String, Value> {
    body(issuer, jti, &client.id, &client.id, resource, scope, now)
}

/// The grant that a token of ours came of; `None` for a token that an application got for itself.
pub fn grant_id(claims: &Map<String, Value>) -> Option<&str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("sub")? == text("client_id")? {
        return None;
    }
    text("jti")?.get(..GRANT_ID_LENGTH)
}

/// The scope of a token of ours.
pub fn scope(claims: &Map<String, Value>) -> ScopeSet {
    ScopeSet::parse(
        claims
            .get("scope")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )
}

fn body(
    issuer: &str,
    jti: &str,
    sub: &str,
    client_id: &str,
    resource: &Resource,
    scope: &ScopeSet,
    now: Time,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("jti", json!(jti));
    set("sub", json!(sub));
    set("iat", json!(now));
    set("exp", json!(now.plus(resource.access_token_ttl)));
    if !scope.is_empty() {
        set("scope", json!(scope));
    }
    set("client_id", json!(client_id));
    set("iss", json!(issuer));
    set("aud", json!(resource.indicator));
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{claims, client_claims, grant_id, opaque_scope, resource_scope, scope};
    use crate::{
        client::ApplicationType::MachineToMachine,
        samples::{client, grant, resource},
        scope::ScopeSet,
        time::Time,
    };

    const RANDOM: &str = "abcdefghijklmnopqrstuv";

    #[test]
    fn t23_the_audience_is_the_resource() {
        let grant = grant("openid read");
        let made = claims(
            "https://id.example.com/oidc",
            &grant,
            &resource("https://api"),
            &grant.scope,
            RANDOM,
            Time(1_000),
        );
        assert_eq!(grant_id(&made), Some(&*grant.id));
        assert_eq!(scope(&made), grant.scope);
        assert_eq!(
            Value::Object(made),
            json!({
                "jti": "g23456789012345678901abcdefghijklmnopqrstuv", "sub": "ann",
                "iat": 1_000, "exp": 4_600, "scope": "openid read", "client_id": "chat",
                "iss": "https://id.example.com/oidc", "aud": "https://api",
            })
        );
    }

    #[test]
    fn an_applications_own_token_has_no_grant_and_no_empty_scope() {
        let made = client_claims(
            "https://id.example.com/oidc",
            &client(MachineToMachine),
            &resource("https://api"),
            &ScopeSet::default(),
            &"j".repeat(43),
            Time(1_000),
        );
        assert_eq!(made["sub"], "chat");
        assert_eq!(made["client_id"], "chat");
        assert!(!made.contains_key("scope"));
        assert_eq!(grant_id(&made), None);
        assert!(scope(&made).is_empty());
    }

    #[test]
    fn a_strange_jti_names_no_grant() {
        for jti in [json!(null), json!(7), json!("short"), json!("é".repeat(21))] {
            let claims = json!({"sub": "ann", "client_id": "chat", "jti": jti});
            let claims = claims.as_object().unwrap();
            assert_eq!(grant_id(claims), None, "{jti}");
        }
    }

    #[test]
    fn t17_a_role_that_was_taken_away_gives_no_scope() {
        let granted = ScopeSet::parse("openid email read write");
        let held = ScopeSet::parse("read admin");
        assert_eq!(
            resource_scope(&granted, &held).to_string(),
            "openid email read"
        );
        let none = ScopeSet::default();
        assert_eq!(resource_scope(&granted, &none).to_string(), "openid email");
        assert_eq!(opaque_scope(&granted).to_string(), "openid email");
    }
}
