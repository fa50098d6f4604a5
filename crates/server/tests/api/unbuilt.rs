//! Routes that only Logto's cloud, its development mode or its past has (`contract/logto-api.md` §10.3): they are not
//! there, and say so as every unknown path does (§1.7).

use std::collections::BTreeSet;

use serde_json::json;
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(what_is_not_built_is_not_found);

const ROUTES: [(&str, &str); 40] = [
    ("POST", "/sign-in-exp/default/custom-ui-assets"),
    ("GET", "/tenants"),
    ("POST", "/tenants"),
    ("GET", "/tenants/{id}/members"),
    ("GET", "/invitations"),
    ("GET", "/skus"),
    ("POST", "/checkout-session"),
    ("POST", "/surveys"),
    ("GET", "/me/regions"),
    ("GET", "/me/logto-enterprises"),
    ("GET", "/users/{id}/trusted-devices"),
    ("DELETE", "/users/{id}/trusted-devices/{device}"),
    ("GET", "/my-account/trusted-devices"),
    ("DELETE", "/my-account/trusted-devices/{device}"),
    ("GET", "/sso-connectors/{id}/idp-initiated-auth-config"),
    ("PUT", "/sso-connectors/{id}/idp-initiated-auth-config"),
    ("DELETE", "/sso-connectors/{id}/idp-initiated-auth-config"),
    ("PUT", "/interaction"),
    ("DELETE", "/interaction"),
    ("PUT", "/interaction/event"),
    ("PATCH", "/interaction/identifiers"),
    ("POST", "/interaction/profile"),
    ("PATCH", "/interaction/profile"),
    ("PUT", "/interaction/profile"),
    ("DELETE", "/interaction/profile"),
    ("POST", "/interaction/submit"),
    ("POST", "/interaction/bind-mfa"),
    ("PUT", "/interaction/mfa"),
    ("PUT", "/interaction/mfa-skipped"),
    ("POST", "/interaction/verification/social-authorization-uri"),
    ("POST", "/interaction/verification/verification-code"),
    ("POST", "/interaction/verification/totp"),
    ("POST", "/interaction/verification/webauthn-registration"),
    ("POST", "/interaction/verification/webauthn-authentication"),
    ("GET", "/interaction/single-sign-on/connectors"),
    ("POST", "/interaction/single-sign-on/{id}/authorization-url"),
    ("POST", "/interaction/single-sign-on/{id}/authentication"),
    ("POST", "/interaction/single-sign-on/{id}/registration"),
    ("DELETE", "/applications/{id}/legacy-secret"),
    ("GET", "/authn/hasura"),
];

/// The path with the same text for each parameter.
fn shape(path: &str) -> String {
    let parts = path.split('/');
    let parts = parts.map(|part| if part.starts_with('{') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn what_is_not_built_is_not_found(db: TestDb) {
    let manager = Manager::start(db).await;
    let document = server::api::describe();
    let document = json!(document);
    let built: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let path = shape(path.strip_prefix("/api").unwrap());
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let mut checked = 0;
    for (method, path) in ROUTES {
        let path = shape(path);
        if built.contains(&(method.to_owned(), path.clone())) {
            continue;
        }
        checked += 1;
        let answer = manager.send(method, &path, Some(&json!({}))).await;
        // Where another method is known, this one is not allowed.
        let is_known = built.iter().any(|(_, known)| *known == path);
        let expected = if is_known {
            (405, json!(""))
        } else {
            (404, json!("Not Found"))
        };
        assert_eq!((answer.status, answer.body), expected, "{method} {path}");
    }
    assert!(checked > 30, "{checked}");
}
