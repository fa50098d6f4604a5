//! Named settings of a tenant, and what each may hold (`contract/logto-core.md` §2).

use serde_json::{Map, Value};
use store::Source;

use super::{OperationError, Refused};
use crate::{cimd, config::Outbound};

/// The keys that `hufu db config` takes.
pub const KEYS: &[&str] = &[
    PRIVATE_KEYS,
    COOKIE_KEYS,
    "oidc.session",
    "jwt.accessToken",
    "jwt.clientCredentials",
    "action.postFirstFactorVerification",
    "action.postSignIn",
    "adminConsole",
    "cloudConnection",
    "sessionNotFoundRedirectUrl",
    "idToken",
    "signingKeyRotationState",
    "messageRateLimitOverride",
    "cimd",
];

/// What transactions lock that change settings of a tenant: one at a time does, so that what refers to each other fits.
pub fn lock_name(tenant_id: &str) -> String {
    format!("settings/{tenant_id}")
}

/// Signing keys: kept apart, encrypted.
pub const PRIVATE_KEYS: &str = "oidc.privateKeys";
/// Cookie keys: kept apart, encrypted.
pub const COOKIE_KEYS: &str = "oidc.cookieKeys";

const EXTENDED_CLAIMS: [&str; 7] = [
    "custom_data",
    "identities",
    "sso_identities",
    "roles",
    "organizations",
    "organization_data",
    "organization_roles",
];

/// The value of a setting.
///
/// # Errors
/// When it was never set, or the database fails.
pub async fn find(source: impl Source, tenant: &str, key: &str) -> Result<Value, OperationError> {
    store::config::find(source, tenant, key)
        .await?
        .ok_or_else(|| Refused::not_found("setting", key).into())
}

/// Refuses a key that does not exist.
///
/// # Errors
/// The sentence lists those that do.
pub fn check_key(key: &str) -> Result<(), Refused> {
    if KEYS.contains(&key) {
        return Ok(());
    }
    Err(Refused::new(
        "guard.invalid_input",
        format!(
            "there is no setting {key:?}; the keys are {}",
            KEYS.join(", ")
        ),
    ))
}

/// Refuses a value that the key cannot have.
///
/// # Errors
/// The sentence shows one that it can.
pub fn check_value(key: &str, value: &Value) -> Result<(), Refused> {
    let members = value.as_object();
    let (is_good, example) = match key {
        "oidc.session" => (
            only(members, &["ttl"]) && number(members, "ttl", 1, 31_536_000),
            r#"{"ttl": 1209600}"#,
        ),
        "sessionNotFoundRedirectUrl" => (
            only(members, &["url"]) && text(members, "url"),
            r#"{"url": "https://app.example.com"}"#,
        ),
        "idToken" => (
            only(members, &["enabledExtendedClaims"]) && claims(members),
            r#"{"enabledExtendedClaims": ["roles"]}"#,
        ),
        "signingKeyRotationState" => (
            only(members, &["tenantCacheExpiresAt", "signingKeyRotationAt"])
                && number(members, "tenantCacheExpiresAt", 0, i64::MAX)
                && number(members, "signingKeyRotationAt", 0, i64::MAX),
            r#"{"signingKeyRotationAt": 1795208700000}"#,
        ),
        "messageRateLimitOverride" => (
            only(members, &["sendWindow", "maxSendsPerRecipient"])
                && number(members, "sendWindow", 1, i64::MAX)
                && number(members, "maxSendsPerRecipient", 1, i64::MAX),
            r#"{"sendWindow": 600, "maxSendsPerRecipient": 10}"#,
        ),
        "cimd" => (
            only(members, &["enabled"])
                && members
                    .and_then(|it| it.get("enabled"))
                    .is_some_and(Value::is_boolean),
            r#"{"enabled": true}"#,
        ),
        "jwt.accessToken"
        | "jwt.clientCredentials"
        | "action.postFirstFactorVerification"
        | "action.postSignIn" => (text(members, "script"), r#"{"script": "…"}"#),
        _ => (members.is_some(), "{}"),
    };
    if is_good {
        return Ok(());
    }
    Err(Refused::new(
        "guard.invalid_input",
        format!("the value does not fit {key}; write for example '{example}'"),
    ))
}

/// Refuses to turn on unregistered clients where every private address may be called: anybody could then have any of them called.
///
/// # Errors
/// `request.invalid_input` with 422 (`contract/logto-api.md` §5.4).
pub fn check_safe(key: &str, value: &Value, outbound: &Outbound) -> Result<(), Refused> {
    if key != cimd::SETTING || !cimd::is_enabled(Some(value)) || !outbound.everything {
        return Ok(());
    }
    Err(Refused::new(
        "request.invalid_input",
        "Clients that describe themselves cannot be turned on while OIDC_PROVIDER_SSRF_PROTECTION_DISABLED is set; \
         list the addresses that may be called in HUFU_OUTBOUND_ALLOW instead.",
    )
    .status(422))
}

type Members<'a> = Option<&'a Map<String, Value>>;

fn only(members: Members<'_>, names: &[&str]) -> bool {
    members.is_some_and(|members| members.keys().all(|name| names.contains(&name.as_str())))
}

fn number(members: Members<'_>, name: &str, least: i64, most: i64) -> bool {
    let value = members.and_then(|members| members.get(name));
    value.is_none_or(|value| {
        value
            .as_i64()
            .is_some_and(|number| (least..=most).contains(&number))
    })
}

fn text(members: Members<'_>, name: &str) -> bool {
    members
        .and_then(|members| members.get(name))
        .is_some_and(Value::is_string)
}

fn claims(members: Members<'_>) -> bool {
    let Some(list) = members.and_then(|members| members.get("enabledExtendedClaims")) else {
        return true;
    };
    list.as_array().is_some_and(|list| {
        list.iter().all(|claim| {
            claim
                .as_str()
                .is_some_and(|claim| EXTENDED_CLAIMS.contains(&claim))
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{check_key, check_value};

    #[test]
    fn each_key_takes_what_logto_takes() {
        let cases = [
            ("oidc.session", json!({"ttl": 60}), true),
            ("oidc.session", json!({}), true),
            ("oidc.session", json!({"ttl": 0}), false),
            ("oidc.session", json!({"ttl": "60"}), false),
            ("oidc.session", json!({"tll": 60}), false),
            ("oidc.session", json!(60), false),
            (
                "sessionNotFoundRedirectUrl",
                json!({"url": "https://a"}),
                true,
            ),
            ("sessionNotFoundRedirectUrl", json!({}), false),
            (
                "idToken",
                json!({"enabledExtendedClaims": ["roles", "custom_data"]}),
                true,
            ),
            (
                "idToken",
                json!({"enabledExtendedClaims": ["everything"]}),
                false,
            ),
            ("cimd", json!({"enabled": true}), true),
            ("cimd", json!({"enabled": 1}), false),
            ("jwt.accessToken", json!({"script": "x"}), true),
            ("jwt.accessToken", json!({}), false),
            ("adminConsole", json!({"anything": 1}), true),
            ("adminConsole", json!([]), false),
        ];
        for (key, value, is_good) in cases {
            assert_eq!(check_value(key, &value).is_ok(), is_good, "{key} {value}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_known_ones() {
        assert!(check_key("oidc.session").is_ok());
        assert!(
            check_key("oidc.sesion")
                .unwrap_err()
                .message
                .contains("oidc.session")
        );
    }
}
