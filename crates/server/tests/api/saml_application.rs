//! `/saml-applications` and their keys (`contract/logto-api.md` §5.6).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both! {
    a_saml_application_is_registered_read_changed_and_forgotten,
    what_cannot_be_registered_is_refused,
    encryption_is_to_a_certificate,
    keys_are_made_activated_and_forgotten,
    each_api_leaves_the_others_applications_alone,
    access_control_needs_a_rule,
}

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const CERTIFICATE: &str = include_str!("../../../protocol/src/saml/samples/certificate.pem");

fn path(made: &Value, rest: &str) -> String {
    format!("/saml-applications/{}{rest}", made["id"].as_str().unwrap())
}

async fn a_saml_application_is_registered_read_changed_and_forgotten(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 21);
    let expected = json!({
        "tenantId": "default", "id": id, "name": "Wiki", "description": null, "type": "SAML", "customData": {},
        "isThirdParty": false, "appLevelAccessControlEnabled": false, "createdAt": 1_800_000_000_000_i64,
        "attributeMapping": {}, "entityId": null, "acsUrl": null, "encryption": null,
        "nameIdFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    });
    assert_eq!(made, expected, "and no secret, no client metadata");
    assert_eq!(manager.get(&path(&made, "")).await.with(200), expected);
    let client = &manager.server.app.tenant("default").unwrap();
    let client = &client.application(&id).unwrap().client;
    let callback = format!("http://id.test/api/saml-applications/{id}/callback");
    assert_eq!(client.redirect_uris, [callback]);

    let change = json!({
        "name": "Wiki 2", "description": "For all", "customData": { "a": 1 },
        "attributeMapping": { "email": "mail", "roles": "groups" },
        "entityId": "https://sp.test/metadata",
        "acsUrl": { "binding": POST, "url": "https://sp.test/acs" },
        "nameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "encryption": { "encryptAssertion": false },
    });
    let changed = manager.patch(&path(&made, ""), &change).await.with(200);
    for (name, value) in change.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!(
        manager.patch(&path(&made, ""), &json!({})).await.with(200),
        changed
    );
    let clear =
        json!({ "entityId": null, "acsUrl": null, "encryption": null, "attributeMapping": {} });
    let cleared = manager.patch(&path(&made, ""), &clear).await.with(200);
    for name in ["entityId", "acsUrl", "encryption"] {
        assert_eq!(cleared[name], Value::Null, "{name}");
    }
    assert_eq!(cleared["name"], "Wiki 2");

    manager.delete(&path(&made, "")).await.with(204);
    let gone = "entity.not_exists_with_id";
    manager.get(&path(&made, "")).await.failed(404, gone);
    manager
        .patch(&path(&made, ""), &json!({}))
        .await
        .failed(404, gone);
    manager
        .get(&path(&made, "/secrets"))
        .await
        .failed(404, gone);
    manager
        .delete(&path(&made, ""))
        .await
        .failed(404, "entity.not_found");
}

async fn what_cannot_be_registered_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let acs = |binding: &str, url: &str| json!({ "acsUrl": { "binding": binding, "url": url } });
    let invalid = "guard.invalid_input";
    for (settings, status, code) in [
        (json!({ "name": "" }), 400, invalid),
        (json!({ "name": "x".repeat(257) }), 400, invalid),
        (json!({ "entityId": "" }), 400, invalid),
        (json!({ "entityId": "x".repeat(129) }), 400, invalid),
        (json!({ "nameIdFormat": "urn:other" }), 400, invalid),
        (
            json!({ "attributeMapping": { "password": "x" } }),
            400,
            invalid,
        ),
        (json!({ "attributeMapping": { "email": "" } }), 400, invalid),
        (json!({ "attributeMapping": { "email": 1 } }), 400, invalid),
        (json!({ "acsUrl": "https://sp.test/acs" }), 400, invalid),
        (
            json!({ "acsUrl": { "url": "https://sp.test/acs" } }),
            400,
            invalid,
        ),
        (acs("urn:other", "https://sp.test/acs"), 400, invalid),
        (acs(POST, "no address"), 400, invalid),
        (acs(POST, "https://sp.test/acs#x"), 400, invalid),
        (
            acs(POST, "javascript:alert(1)"),
            400,
            "application.saml.acs_url_scheme_not_supported",
        ),
        (
            acs(REDIRECT, "https://sp.test/acs"),
            422,
            "application.saml.acs_url_binding_not_supported",
        ),
    ] {
        let mut body = settings.clone();
        let members = body.as_object_mut().unwrap();
        members.entry("name").or_insert(json!("Wiki"));
        let answer = manager.post("/saml-applications", &body).await;
        answer.failed(status, code);
        let answer = manager.patch(&path(&made, ""), &settings).await;
        answer.failed(status, code);
    }
    manager
        .post("/saml-applications", &json!({}))
        .await
        .failed(400, invalid);
    assert_eq!(manager.get(&path(&made, "")).await.with(200), made);
}

async fn encryption_is_to_a_certificate(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let try_it = async |encryption: Value| {
        let change = json!({ "encryption": encryption });
        manager.patch(&path(&made, ""), &change).await
    };
    let whole =
        json!({ "encryptAssertion": true, "encryptThenSign": true, "certificate": CERTIFICATE });
    assert_eq!(try_it(whole.clone()).await.with(200)["encryption"], whole);
    for lacking in ["encryptThenSign", "certificate"] {
        let mut part = whole.clone();
        part.as_object_mut().unwrap().remove(lacking);
        try_it(part).await.failed(400, "guard.invalid_input");
    }
    let mut wrong = whole.clone();
    wrong["certificate"] = json!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    try_it(wrong)
        .await
        .failed(400, "application.saml.invalid_certificate_pem_format");
    assert_eq!(
        manager.get(&path(&made, "")).await.with(200)["encryption"],
        whole
    );
}

async fn keys_are_made_activated_and_forgotten(db: TestDb) {
    const YEAR: i64 = 365 * 86_400_000;
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let other = manager
        .post("/saml-applications", &json!({ "name": "Other" }))
        .await
        .with(201);
    let list = async || manager.get(&path(&made, "/secrets")).await.with(200);
    let keys = list().await;
    let [first] = &keys.as_array().unwrap()[..] else {
        panic!("one to begin with")
    };
    assert_eq!(first["active"], true);
    let life = first["expiresAt"].as_i64().unwrap() - first["createdAt"].as_i64().unwrap();
    assert!((3 * YEAR - 86_400_000..=3 * YEAR).contains(&life), "{life}");
    assert!(first.get("privateKey").is_none());
    let pem = first["certificate"].as_str().unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
    let print = first["fingerprints"]["sha256"]["unformatted"]
        .as_str()
        .unwrap();
    assert_eq!(print.len(), 64);

    for years in [
        json!(0),
        json!(-1),
        json!(101),
        json!(1.5),
        json!("1"),
        Value::Null,
    ] {
        let body = json!({ "lifeSpanInYears": years });
        let answer = manager.post(&path(&made, "/secrets"), &body).await;
        answer.failed(400, "guard.invalid_input");
    }
    manager.server.advance(1);
    let second = manager
        .post(&path(&made, "/secrets"), &json!({ "lifeSpanInYears": 100 }))
        .await
        .with(201);
    assert_eq!(second["active"], false);
    let at = |made: &Value, secret: &Value| {
        path(
            made,
            &format!("/secrets/{}", secret["id"].as_str().unwrap()),
        )
    };
    let gone = "entity.not_exists_with_id";
    let on = json!({ "active": true });
    manager
        .patch(&at(&other, &second), &on)
        .await
        .failed(404, gone);
    manager
        .delete(&at(&other, &second))
        .await
        .failed(404, "entity.not_found");
    let active_is = async |expected: [bool; 2]| {
        let keys = list().await;
        let active: Vec<_> = keys
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["active"] == true)
            .collect();
        assert_eq!(active, expected);
    };
    let answer = manager.patch(&at(&made, &second), &on).await.with(200);
    assert_eq!(answer["active"], true);
    active_is([false, true]).await;
    let again = manager.patch(&at(&made, &second), &on).await.with(200);
    assert_eq!(again, answer);
    manager
        .delete(&at(&made, &second))
        .await
        .failed(400, "application.saml.can_not_delete_active_secret");
    manager.delete(&at(&made, first)).await.with(204);
    manager
        .delete(&at(&made, first))
        .await
        .failed(404, "entity.not_found");
    manager
        .patch(&at(&made, first), &on)
        .await
        .failed(404, gone);
    manager
        .patch(&at(&made, &second), &json!({ "active": false }))
        .await
        .with(200);
    manager.delete(&at(&made, &second)).await.with(204);
    assert_eq!(list().await, json!([]));
}

async fn each_api_leaves_the_others_applications_alone(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let id = made["id"].as_str().unwrap();
    let same = format!("/applications/{id}");
    let found = manager.get(&same).await.with(200);
    assert_eq!(found["type"], "SAML");
    let blank = json!({ "redirectUris": [], "postLogoutRedirectUris": [] });
    assert_eq!(found["oidcClientMetadata"], blank);
    let listed = manager.get("/applications?types=SAML").await.ids();
    assert_eq!(listed, [id]);
    let refused = "application.saml.use_saml_app_api";
    manager
        .patch(&same, &json!({ "name": "x" }))
        .await
        .failed(400, refused);
    manager.delete(&same).await.failed(400, refused);
    let named: Vec<_> = manager
        .get(&format!("{same}/secrets"))
        .await
        .with(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|secret| secret["name"].clone())
        .collect();
    assert_eq!(named, [json!("Default secret")]);

    let only = "application.saml.saml_application_only";
    for rest in ["", "/secrets"] {
        let path = format!("/saml-applications/chat{rest}");
        manager.get(&path).await.failed(422, only);
    }
    let chat = "/saml-applications/chat";
    manager
        .patch(chat, &json!({ "name": "x" }))
        .await
        .failed(422, only);
    manager.delete(chat).await.failed(422, only);
    let secret = json!({ "lifeSpanInYears": 1 });
    manager
        .post(&format!("{chat}/secrets"), &secret)
        .await
        .failed(422, only);
    let on = json!({ "active": true });
    manager
        .patch(&format!("{chat}/secrets/x"), &on)
        .await
        .failed(422, only);
    manager
        .delete(&format!("{chat}/secrets/x"))
        .await
        .failed(422, only);
}

async fn access_control_needs_a_rule(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/saml-applications", &json!({ "name": "Wiki" }))
        .await
        .with(201);
    let on = json!({ "appLevelAccessControlEnabled": true });
    manager
        .patch(&path(&made, ""), &on)
        .await
        .failed(422, "request.invalid_input");
    let rules = json!({ "userIds": [crate::support::ANN], "userRoleIds": [], "organizationIds": [], "organizationRoleRules": [] });
    let at = format!(
        "/applications/{}/access-control",
        made["id"].as_str().unwrap()
    );
    manager.put(&at, &rules).await.with(200);
    let changed = manager.patch(&path(&made, ""), &on).await.with(200);
    assert_eq!(changed["appLevelAccessControlEnabled"], true);
}
