//! The server's own description (OpenID Connect Discovery §3, RFC 8414 §2).

use serde_json::{Value, json};

use crate::{
    claims,
    grant::GrantType,
    jose::{KeyRing, SigningAlgorithm},
    token::id_token::ACR,
};

/// The discovery document of `issuer`. It lists what works and nothing else.
///
/// `ui_locales` are the languages of the pages, as BCP 47 tags; `takes_documents` says whether clients may be described by a document
/// at their `client_id` ([`crate::client_metadata`]).
pub fn document(issuer: &str, keys: &KeyRing, ui_locales: &[&str], takes_documents: bool) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let algorithms: Vec<_> = keys
        .algorithms()
        .into_iter()
        .map(SigningAlgorithm::as_str)
        .collect();
    let claims: Vec<_> = ["sub"]
        .into_iter()
        .chain(claims::names())
        .chain(["sid", "auth_time", "iss", "acr", "amr"])
        .collect();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/auth"),
        "token_endpoint": at("/token"),
        "device_authorization_endpoint": at("/device/auth"),
        "userinfo_endpoint": at("/me"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/session/end"),
        "introspection_endpoint": at("/token/introspection"),
        "revocation_endpoint": at("/token/revocation"),
        "pushed_authorization_request_endpoint": at("/request"),
        "scopes_supported": claims::identity_scopes().collect::<Vec<_>>(),
        "claims_supported": claims,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": GrantType::ALL.map(GrantType::as_str),
        "subject_types_supported": ["public"],
        "claim_types_supported": ["normal"],
        "id_token_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "introspection_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "revocation_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "acr_values_supported": [ACR],
        "prompt_values_supported": ["none", "login", "consent", "select_account", "create"],
        "display_values_supported": ["page"],
        "ui_locales_supported": ui_locales,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    if takes_documents && let Some(members) = document.as_object_mut() {
        // draft-ietf-oauth-client-id-metadata-document §6; left out means no.
        let name = "client_id_metadata_document_supported".to_owned();
        members.insert(name, true.into());
    }
    document
}

const CLIENT_AUTHENTICATION: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::document;
    use crate::jose::{KeyRing, KeyStatus, test_keys::*};

    fn described(keys: &KeyRing) -> Value {
        document("https://id.example.com/oidc", keys, &["en", "zh-CN"], false)
    }

    fn usual() -> Value {
        described(&KeyRing::new(vec![
            (KeyStatus::Current, es384()),
            (KeyStatus::Current, rs256()),
        ]))
    }

    #[test]
    fn what_the_specification_requires_is_there() {
        let document = usual();
        for (key, value) in [
            ("issuer", json!("https://id.example.com/oidc")),
            (
                "authorization_endpoint",
                json!("https://id.example.com/oidc/auth"),
            ),
            ("token_endpoint", json!("https://id.example.com/oidc/token")),
            ("userinfo_endpoint", json!("https://id.example.com/oidc/me")),
            ("jwks_uri", json!("https://id.example.com/oidc/jwks")),
            ("response_types_supported", json!(["code"])),
            ("subject_types_supported", json!(["public"])),
            ("ui_locales_supported", json!(["en", "zh-CN"])),
        ] {
            assert_eq!(document[key], value, "{key}");
        }
        let scopes = document["scopes_supported"].as_array().unwrap();
        assert!(scopes.contains(&json!("openid")));
    }

    #[test]
    fn algorithms_are_those_that_are_signed_with_and_rs256_is_first() {
        let listed = |document: &Value| document["id_token_signing_alg_values_supported"].clone();
        assert_eq!(listed(&usual()), json!(["RS256", "ES384"]));
        let imported = KeyRing::new(vec![
            (KeyStatus::Current, es256()),
            (KeyStatus::Previous, rs256()),
        ]);
        assert_eq!(listed(&described(&imported)), json!(["ES256"]));
    }

    #[test]
    fn nothing_is_listed_that_does_not_work() {
        let text = usual().to_string();
        for untrue in [
            "implicit",
            "password",
            "registration",
            "ciba",
            "private_key_jwt",
            "client_secret_jwt",
            "plain",
            "pairwise",
            "HS256",
            "\"none\"]}",
            "id_token token",
            "urn:logto:scope:sessions",
        ] {
            assert!(!text.contains(untrue), "{untrue}");
        }
        let document = usual();
        assert_eq!(document["request_uri_parameter_supported"], false);
        assert_eq!(document["request_parameter_supported"], false);
    }

    #[test]
    fn documents_of_clients_are_announced_only_where_they_are_read() {
        const FLAG: &str = "client_id_metadata_document_supported";
        assert_eq!(usual().get(FLAG), None);
        let keys = KeyRing::new(vec![(KeyStatus::Current, rs256())]);
        let with = document("https://id.example.com/oidc", &keys, &["en"], true);
        assert_eq!(with[FLAG], true);
        let methods = with["token_endpoint_auth_methods_supported"].as_array();
        assert!(methods.unwrap().contains(&json!("none")));
    }

    #[test]
    fn flags_are_booleans_and_lists_are_lists_of_text() {
        for (key, value) in usual().as_object().unwrap() {
            let good = match value {
                Value::Bool(_) | Value::String(_) => true,
                Value::Array(values) => !values.is_empty() && values.iter().all(Value::is_string),
                _ => false,
            };
            assert!(good, "{key}");
        }
    }
}
