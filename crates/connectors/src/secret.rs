//! Secrets in configurations: kept out of answers, and kept by those who write such an answer back.
//!
//! Clients read a configuration, change a member and write all of it back (`contract/logto-api.md` §4.1). So a
//! [`MASK`] stands for what is stored, but only as long as that is sent where it was sent before: otherwise whoever may
//! write configurations could read secrets by having them sent to a server of their own.

use serde_json::{Map, Value};
use thiserror::Error;
use url::Url;

/// What stands for a secret in answers, and in requests for the secret that is stored.
pub const MASK: &str = "••••••••";

/// Which members of a configuration are secrets, and which say where secrets are sent.
pub trait Confidential {
    /// Whether the text or number at this path is a secret. What a list holds has the path of the list.
    fn is_secret(&self, path: &[&str]) -> bool;

    /// Whether the text or number at this path says where secrets are sent.
    fn is_destination(&self, path: &[&str], value: &Value) -> bool;
}

/// Everything may be a secret: for configurations that this release knows nothing of.
#[derive(Clone, Copy, Debug)]
pub struct Unknown;

impl Confidential for Unknown {
    fn is_secret(&self, _path: &[&str]) -> bool {
        true
    }

    fn is_destination(&self, _path: &[&str], value: &Value) -> bool {
        is_address(value)
    }
}

/// Why a mask stands for nothing. Both name members, never values.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotKept {
    /// Nothing is stored there.
    #[error("{0}: {MASK} stands for a stored secret, and none is stored")]
    NothingStored(String),
    /// It would be sent elsewhere.
    #[error("{secret} must be given anew because {destination} says that it is sent elsewhere now")]
    SentElsewhere {
        /// The masked member.
        secret: String,
        /// The member that differs.
        destination: String,
    },
}

/// The configuration with a [`MASK`] in place of each secret.
#[must_use]
pub fn masked(
    mut config: Map<String, Value>,
    rule: &(impl Confidential + ?Sized),
) -> Map<String, Value> {
    each_secret(&mut config, rule, &mut |_, secret| *secret = MASK.into());
    config
}

/// Puts what is stored in place of each [`MASK`].
pub fn unmask(
    config: &mut Map<String, Value>,
    stored: Option<&Map<String, Value>>,
    rule: &(impl Confidential + ?Sized),
) -> Result<(), NotKept> {
    let nothing = Map::new();
    let stored = stored.unwrap_or(&nothing);
    let mut kept = None;
    let mut missing = None;
    walk(config, Some(stored), &[], &mut |path, value, before| {
        if *value != MASK || !rule.is_secret(path) {
            return;
        }
        match before.filter(|before| is_filled(before)) {
            Some(before) => {
                before.clone_into(value);
                kept.get_or_insert_with(|| path.join("."));
            }
            None => {
                missing.get_or_insert_with(|| path.join("."));
            }
        }
    });
    if let Some(member) = missing {
        return Err(NotKept::NothingStored(member));
    }
    let Some(secret) = kept else {
        return Ok(());
    };
    let (now, before) = (destinations(config, rule), destinations(stored, rule));
    let differs = now.iter().find(|one| !before.contains(one));
    let differs = differs.or_else(|| before.iter().find(|one| !now.contains(one)));
    match differs {
        Some((destination, _)) => Err(NotKept::SentElsewhere {
            secret,
            destination: destination.clone(),
        }),
        None => Ok(()),
    }
}

/// Shows every secret in a configuration to `seen`, with its path.
pub fn each_secret(
    config: &mut Map<String, Value>,
    rule: &(impl Confidential + ?Sized),
    seen: &mut dyn FnMut(&[&str], &mut Value),
) {
    walk(config, None, &[], &mut |path, value, _| {
        if is_filled(value) && rule.is_secret(path) {
            seen(path, value);
        }
    });
}

/// Whether a value is an http or https address.
pub(crate) fn is_address(value: &Value) -> bool {
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The texts and numbers that say where secrets are sent, each with its path.
fn destinations(
    config: &Map<String, Value>,
    rule: &(impl Confidential + ?Sized),
) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut config = config.clone();
    walk(&mut config, None, &[], &mut |path, value, _| {
        if is_filled(value) && rule.is_destination(path, value) {
            found.push((path.join("."), value.clone()));
        }
    });
    found
}

/// What can be a secret: an empty text says that there is none, and nobody guards a yes or no.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) => true,
        _ => false,
    }
}

type Visit<'a> = &'a mut dyn FnMut(&[&str], &mut Value, Option<&Value>);

/// Visits what is neither an object nor a list, each with what stands at the same place in another configuration.
fn walk(
    members: &mut Map<String, Value>,
    beside: Option<&Map<String, Value>>,
    path: &[&str],
    visit: Visit<'_>,
) {
    for (name, value) in members {
        let mut path = path.to_vec();
        path.push(name);
        let beside = beside.and_then(|beside| beside.get(name));
        step(value, beside, &path, visit);
    }
}

fn step(value: &mut Value, beside: Option<&Value>, path: &[&str], visit: Visit<'_>) {
    match value {
        Value::Object(members) => walk(members, beside.and_then(Value::as_object), path, visit),
        Value::Array(values) => {
            // Which entry was which can be told only as long as none was added or taken away.
            let beside = beside.and_then(Value::as_array);
            let beside = beside.filter(|beside| beside.len() == values.len());
            for (place, value) in values.iter_mut().enumerate() {
                let beside = beside.and_then(|beside| beside.get(place));
                step(value, beside, path, visit);
            }
        }
        leaf => visit(path, leaf, beside),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Confidential, MASK, NotKept, masked, unmask};
    use crate::factory;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn rule(factory: &str) -> &'static factory::Factory {
        factory::find(factory).unwrap()
    }

    #[test]
    fn t55_what_is_secret_is_masked_and_nothing_else() {
        for (factory, stored, shown) in [
            (
                "github-universal",
                json!({ "clientId": "a", "clientSecret": "b", "scope": "user" }),
                json!({ "clientId": "a", "clientSecret": MASK, "scope": "user" }),
            ),
            (
                "github-universal",
                json!({ "clientId": "a", "clientSecret": "", "unheardOf": { "x": ["b", 7, true, null] } }),
                json!({ "clientId": "a", "clientSecret": "", "unheardOf": { "x": [MASK, MASK, true, null] } }),
            ),
            (
                "simple-mail-transfer-protocol",
                json!({
                    "host": "mail.test", "port": 587,
                    "auth": { "type": "login", "user": "ann", "pass": "b" },
                    "tls": { "rejectUnauthorized": false },
                    "customHeaders": { "x-token": "b" },
                    "templates": [{ "usageType": "Generic", "subject": "s", "content": "c" }],
                }),
                json!({
                    "host": "mail.test", "port": 587,
                    "auth": { "type": "login", "user": "ann", "pass": MASK },
                    "tls": { "rejectUnauthorized": false },
                    "customHeaders": { "x-token": MASK },
                    "templates": [{ "usageType": "Generic", "subject": "s", "content": "c" }],
                }),
            ),
            (
                "http-email",
                json!({ "endpoint": "https://mail.test", "authorization": "Bearer b" }),
                json!({ "endpoint": "https://mail.test", "authorization": MASK }),
            ),
            (
                "oidc",
                json!({
                    "issuer": "https://idp.test", "clientId": "a", "clientSecret": "b",
                    "idTokenVerificationConfig": { "jwksUri": "https://idp.test/keys" },
                    "customConfig": { "key": "b" },
                }),
                json!({
                    "issuer": "https://idp.test", "clientId": "a", "clientSecret": MASK,
                    "idTokenVerificationConfig": { "jwksUri": "https://idp.test/keys" },
                    "customConfig": { "key": MASK },
                }),
            ),
            (
                "saml",
                json!({ "entityID": "e", "x509Certificate": "c", "privateKey": "b", "privateKeyPass": "b", "encPrivateKey": "b", "encPrivateKeyPass": "b", "profileMap": { "id": "nameID" } }),
                json!({ "entityID": "e", "x509Certificate": "c", "privateKey": MASK, "privateKeyPass": MASK, "encPrivateKey": MASK, "encPrivateKeyPass": MASK, "profileMap": { "id": "nameID" } }),
            ),
            (
                "alipay-web",
                json!({ "appId": "a", "privateKey": "b", "signType": "RSA2" }),
                json!({ "appId": "a", "privateKey": MASK, "signType": "RSA2" }),
            ),
        ] {
            let masked = masked(map(stored.clone()), rule(factory));
            assert_eq!(Value::Object(masked.clone()), shown, "{factory}");
            let mut back = masked;
            assert_eq!(
                unmask(&mut back, Some(&map(stored.clone())), rule(factory)),
                Ok(())
            );
            assert_eq!(Value::Object(back), stored, "{factory}: written back");
        }
    }

    #[test]
    fn t55_every_field_that_a_form_shows_as_confidential_is_masked() {
        for factory in factory::all(true) {
            for field in factory.fields.iter().filter(|field| field.is_secret) {
                let config = map(json!({ (field.key): "b" }));
                let masked = masked(config, factory);
                assert_eq!(masked[field.key], MASK, "{} {}", factory.id, field.key);
            }
        }
    }

    #[test]
    fn t55_a_mask_stands_only_for_what_is_stored() {
        let smtp = rule("simple-mail-transfer-protocol");
        let stored = json!({ "auth": { "pass": "b" }, "customHeaders": { "x": ["b", "c"] } });
        for (given, member) in [
            (
                json!({ "auth": { "refreshToken": MASK } }),
                "auth.refreshToken",
            ),
            (json!({ "auth": MASK }), "auth"),
            (json!({ "auth": { "pass": { "a": MASK } } }), "auth.pass.a"),
            (
                json!({ "customHeaders": { "x": [MASK] } }),
                "customHeaders.x",
            ),
            (json!({ "unheardOf": MASK }), "unheardOf"),
        ] {
            let refused = unmask(&mut map(given), Some(&map(stored.clone())), smtp);
            assert_eq!(refused, Err(NotKept::NothingStored(member.to_owned())));
        }
        let nothing = unmask(&mut map(json!({ "auth": { "pass": MASK } })), None, smtp);
        assert_eq!(nothing, Err(NotKept::NothingStored("auth.pass".to_owned())));
        let mut plain = map(json!({ "host": MASK, "auth": { "pass": "new" } }));
        assert_eq!(unmask(&mut plain, None, smtp), Ok(()));
    }

    /// Otherwise whoever may write a configuration could have its secret sent to a server of their own.
    #[test]
    fn t55_a_secret_is_not_kept_for_another_destination() {
        for (factory, stored, change, destination) in [
            (
                "http-email",
                json!({ "endpoint": "https://a.test", "authorization": "b" }),
                json!({ "endpoint": "https://evil.test" }),
                "endpoint",
            ),
            (
                "simple-mail-transfer-protocol",
                json!({ "host": "a.test", "port": 587, "auth": { "pass": "b" } }),
                json!({ "host": "evil.test" }),
                "host",
            ),
            (
                "simple-mail-transfer-protocol",
                json!({ "host": "a.test", "port": 587, "auth": { "pass": "b" } }),
                json!({ "port": 25 }),
                "port",
            ),
            (
                "simple-mail-transfer-protocol",
                json!({ "host": "a.test", "auth": { "refreshToken": "b", "accessUrl": "https://a.test" } }),
                json!({ "auth": { "refreshToken": MASK, "accessUrl": "https://evil.test" } }),
                "auth.accessUrl",
            ),
            (
                "simple-mail-transfer-protocol",
                json!({ "host": "a.test", "auth": { "refreshToken": "b", "accessUrl": "https://a.test" } }),
                json!({ "auth": { "refreshToken": MASK } }),
                "auth.accessUrl",
            ),
            (
                "github-universal",
                json!({ "clientId": "a", "clientSecret": "b" }),
                json!({ "tokenEndpoint": "https://evil.test" }),
                "tokenEndpoint",
            ),
            (
                "oauth2",
                json!({ "tokenEndpoint": "https://a.test", "clientSecret": "b" }),
                json!({ "tokenEndpoint": "https://evil.test" }),
                "tokenEndpoint",
            ),
            (
                "oidc",
                json!({ "issuer": "https://a.test", "clientSecret": "b" }),
                json!({ "issuer": "https://evil.test" }),
                "issuer",
            ),
            (
                "azuread-universal",
                json!({ "cloudInstance": "https://a.test", "clientSecret": "b" }),
                json!({ "cloudInstance": "https://evil.test" }),
                "cloudInstance",
            ),
        ] {
            let mut given = masked(map(stored.clone()), rule(factory));
            given.extend(map(change));
            let refused = unmask(&mut given, Some(&map(stored)), rule(factory));
            let Err(NotKept::SentElsewhere {
                destination: named, ..
            }) = refused
            else {
                panic!("{factory} {destination}: {refused:?}");
            };
            assert_eq!(named, destination, "{factory}");
        }
    }

    #[test]
    fn a_secret_that_is_given_anew_may_be_sent_anywhere() {
        let stored = map(json!({ "endpoint": "https://a.test", "authorization": "b" }));
        let mut given = map(json!({ "endpoint": "https://c.test", "authorization": "d" }));
        assert_eq!(
            unmask(&mut given, Some(&stored), rule("http-email")),
            Ok(())
        );
        let mut without = map(json!({ "endpoint": "https://c.test" }));
        assert_eq!(
            unmask(&mut without, Some(&stored), rule("http-email")),
            Ok(())
        );
    }

    #[test]
    fn what_is_no_address_may_change_beside_a_kept_secret() {
        let stored = map(
            json!({ "signInEndpoint": "https://a.test", "requestSignatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "privateKey": "b", "profileMap": { "id": "http://schemas.test/id" } }),
        );
        let mut given = masked(stored.clone(), rule("saml"));
        given["requestSignatureAlgorithm"] =
            json!("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512");
        given["profileMap"] = json!({ "id": "http://schemas.test/name" });
        assert_eq!(unmask(&mut given, Some(&stored), rule("saml")), Ok(()));
        assert_eq!(given["privateKey"], "b");
    }

    #[test]
    fn of_what_is_unknown_every_text_and_number_is_secret() {
        assert!(super::Unknown.is_secret(&["anything"]));
        let shown = masked(map(json!({ "a": "b", "c": 1, "d": true })), &super::Unknown);
        assert_eq!(
            Value::Object(shown),
            json!({ "a": MASK, "c": MASK, "d": true })
        );
    }
}
