//! The ID token (OpenID Connect Core §2).

use serde_json::{Map, Value, json};

use crate::{client::Client, record::Grant, time::Time};

/// The only authentication context class there is (discovery's `acr_values_supported`).
pub const ACR: &str = "1";

/// The claims of an ID token for `client`, made at `now`.
///
/// `person` are the claims chosen by [`crate::claims::select`]; they cannot displace those of the protocol.
/// `amr` is how the person signed in, when that is still known.
pub fn claims(
    issuer: &str,
    grant: &Grant,
    client: &Client,
    amr: &[String],
    person: Map<String, Value>,
    now: Time,
) -> Map<String, Value> {
    let mut claims = person;
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("sub", json!(grant.user_id));
    set("aud", json!(client.id));
    set("exp", json!(now.plus(client.id_token_ttl)));
    set("iat", json!(now));
    set("iss", json!(issuer));
    set("auth_time", json!(grant.auth_time));
    set("acr", json!(ACR));
    if let Some(nonce) = &grant.nonce {
        set("nonce", json!(nonce));
    }
    if let Some(session_id) = &grant.session_id {
        set("sid", json!(session_id));
    }
    if !amr.is_empty() {
        set("amr", json!(amr));
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::claims;
    use crate::{
        client::ApplicationType::Traditional,
        samples::{client, grant},
        time::Time,
    };

    #[test]
    fn the_claims_of_core_section_2_are_there() {
        let mut grant = grant("openid");
        grant.nonce = Some("n-0S6".to_owned());
        let person = json!({"name": "Ann", "sub": "eve", "aud": "other"});
        let person = person.as_object().unwrap().clone();
        let made = claims(
            "https://id.example.com/oidc",
            &grant,
            &client(Traditional),
            &["pwd".to_owned()],
            person,
            Time(1_000),
        );
        assert_eq!(
            Value::Object(made),
            json!({
                "name": "Ann", "sub": "ann", "aud": "chat", "exp": 4_600, "iat": 1_000,
                "iss": "https://id.example.com/oidc", "auth_time": 900, "acr": "1",
                "nonce": "n-0S6", "sid": "s23456789012345678901", "amr": ["pwd"],
            })
        );
    }

    #[test]
    fn nonce_is_absent_when_none_was_sent() {
        let made = claims(
            "i",
            &grant("openid"),
            &client(Traditional),
            &[],
            json!({}).as_object().unwrap().clone(),
            Time(0),
        );
        assert!(!made.contains_key("nonce"));
        assert!(!made.contains_key("amr"));
    }
}
