//! From an entry to the row that is kept.

use protocol::parameters::Parameters;
use serde_json::{Map, Value, json};
use store::log::{Log, NewLog};

use super::Entry;
use crate::user_agent;

/// Parameters whose values are written down. Of all others only the names are: what nobody thought of may be a secret.
const HARMLESS: [&str; 24] = [
    "client_id",
    "grant_type",
    "response_type",
    "response_mode",
    "redirect_uri",
    "post_logout_redirect_uri",
    "scope",
    "resource",
    "audience",
    "prompt",
    "max_age",
    "ui_locales",
    "acr_values",
    "display",
    "code_challenge",
    "code_challenge_method",
    "organization_id",
    "token_type_hint",
    "subject_token_type",
    "requested_token_type",
    "actor_token_type",
    "first_screen",
    "direct_sign_in",
    "interaction_mode",
];

/// In place of a value.
const MASK: &str = "******";

/// The longest value of a parameter that is kept, in characters.
const LONGEST: usize = 1024;

/// The row of an entry.
pub(super) fn row(entry: &Entry) -> NewLog {
    NewLog {
        tenant_id: entry.tenant.id.clone(),
        log: Log {
            id: entry.id.clone(),
            key: entry.key.clone().into_owned(),
            payload: payload(entry).to_string(),
            created_at: entry.at,
        },
        user_id: entry.user_id.clone(),
        application_id: entry.application_id.clone(),
        hook_id: None,
        is_success: entry.fault.is_none(),
    }
}

fn payload(entry: &Entry) -> Value {
    let agent = entry.sender.agent();
    let result = if entry.fault.is_none() {
        "Success"
    } else {
        "Error"
    };
    let mut payload = Map::new();
    let mut put = |name: &str, value: Value| payload.insert(name.to_owned(), value);
    put("key", entry.key.as_ref().into());
    put("result", result.into());
    put("ip", entry.sender.ip.map(|ip| ip.to_string()).into());
    put("userAgent", agent.into());
    let optional = [
        ("userId", &entry.user_id),
        ("applicationId", &entry.application_id),
        ("cimdClientId", &entry.cimd_client_id),
        ("sessionId", &entry.session_id),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            put(name, value.as_str().into());
        }
    }
    if let Some(agent) = agent {
        put("userAgentParsed", user_agent::parse(agent));
    }
    if let Some((code, message)) = &entry.fault {
        put("error", json!({ "code": code, "message": text(message) }));
    }
    let parameters = shown(&entry.parameters);
    if !parameters.is_empty() {
        put("params", Value::Object(parameters));
    }
    payload.extend(entry.more.clone());
    Value::Object(payload)
}

/// The parameters with their harmless values; those that stand more than once as a list.
fn shown(parameters: &Parameters) -> Map<String, Value> {
    let mut shown: Map<String, Value> = Map::new();
    for (name, value) in parameters.iter() {
        let value = if HARMLESS.contains(&name) {
            text(value)
        } else {
            MASK.to_owned()
        };
        match shown.get_mut(&text(name)) {
            None => {
                shown.insert(text(name), value.into());
            }
            Some(Value::Array(values)) => values.push(value.into()),
            Some(held) => *held = json!([held.take(), value]),
        }
    }
    shown
}

/// Not too long, and without what PostgreSQL cannot keep.
fn text(value: &str) -> String {
    value
        .chars()
        .filter(|character| *character != '\0')
        .take(LONGEST)
        .collect()
}

#[cfg(test)]
mod tests {
    use protocol::parameters::Parameters;
    use serde_json::json;

    use super::{LONGEST, shown};

    #[test]
    fn only_harmless_values_are_kept() {
        let parameters = Parameters::parse(
            "grant_type=x&client_secret=s&code=s&code_verifier=s&password=s&refresh_token=s&unheard_of=s\
             &resource=a&resource=b&resource=c",
        );
        assert_eq!(
            json!(shown(&parameters)),
            json!({
                "grant_type": "x", "client_secret": "******", "code": "******", "code_verifier": "******",
                "password": "******", "refresh_token": "******", "unheard_of": "******",
                "resource": ["a", "b", "c"],
            })
        );
    }

    #[test]
    fn long_values_and_nul_characters_are_cut() {
        let parameters = Parameters::default()
            .with("scope", "a".repeat(LONGEST * 2))
            .with("prompt", "a\0b");
        let shown = shown(&parameters);
        assert_eq!(shown["scope"].as_str().unwrap().len(), LONGEST);
        assert_eq!(shown["prompt"], "ab");
    }
}
