//! `/connector-factories` and `/connectors` (`contract/logto-api.md` §4.1).

use identity::connector::{Connector, Names};
use serde_json::{Value, json};
use store::{on_both, seed::ADMIN_TENANT, testing::TestDb};

use crate::manager::Manager;

on_both! {
    the_catalogue_lists_every_factory,
    a_connector_is_made_read_changed_and_forgotten,
    a_connector_that_does_not_fit_is_refused,
    a_standard_connector_keeps_its_target,
    of_connectors_that_send_e_mail_there_is_one,
    fifty_new_mail_connectors_at_once_leave_one,
    the_last_way_to_a_new_password_stays_while_passwords_expire,
    other_tenants_connectors_do_not_exist,
    a_sign_in_at_a_provider_begins_at_its_address,
}

fn github() -> Value {
    json!({
        "connectorId": "github-universal",
        "config": { "clientId": "id", "clientSecret": "secret", "scope": "" },
    })
}

fn oauth2(target: &str) -> Value {
    json!({
        "connectorId": "oauth2",
        "metadata": { "target": target, "name": { "en": "Forge", "de": "Schmiede" }, "logo": "" },
        "config": {
            "authorizationEndpoint": "https://forge.test/authorize",
            "tokenEndpoint": "https://forge.test/token",
            "userInfoEndpoint": "https://forge.test/user",
            "clientId": "id",
            "clientSecret": "secret",
        },
    })
}

fn mail(endpoint: &str) -> Value {
    json!({ "connectorId": "http-email", "config": { "endpoint": endpoint } })
}

async fn a_connector_is_made_read_changed_and_forgotten(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager.post("/connectors", &github()).await.with(200);
    let id = made["id"].as_str().unwrap();
    assert_eq!(id.len(), 12);
    assert_eq!(made["connectorId"], "github-universal");
    assert_eq!(
        (&made["type"], &made["target"]),
        (&json!("Social"), &json!("github"))
    );
    assert_eq!(
        made["config"],
        json!({ "clientId": "id", "clientSecret": "••••••••" })
    );
    assert_eq!(
        (&made["metadata"], &made["syncProfile"]),
        (&json!({}), &json!(false))
    );
    let path = format!("/connectors/{id}");
    assert_eq!(manager.get(&path).await.with(200), made);
    assert_eq!(manager.get("/connectors?target=github").await.ids(), [id]);
    assert!(
        manager
            .get("/connectors?target=google")
            .await
            .ids()
            .is_empty()
    );

    let targets = json!({ "socialSignInConnectorTargets": ["github", "nobody"] });
    let shown = manager.patch("/sign-in-exp", &targets).await.with(200);
    assert_eq!(shown["socialSignInConnectorTargets"], json!(["github"]));

    let change = json!({ "syncProfile": true, "enableTokenStorage": true, "config": { "clientId": "a", "clientSecret": "b" } });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(
        changed["config"],
        json!({ "clientId": "a", "clientSecret": "••••••••" })
    );
    assert_eq!(
        (&changed["syncProfile"], &changed["enableTokenStorage"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(manager.patch(&path, &json!({})).await.with(200), changed);

    manager.delete(&path).await.with(204);
    manager
        .delete(&path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.get(&path).await.failed(404, "entity.not_found");
    manager
        .patch(&path, &json!({}))
        .await
        .failed(404, "entity.not_found");
    let shown = manager.get("/sign-in-exp").await.with(200);
    assert_eq!(shown["socialSignInConnectorTargets"], json!([]));
}

async fn a_connector_that_does_not_fit_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    manager.post("/connectors", &github()).await.with(200);
    let with = |mut body: Value, field: &str, value: Value| {
        body[field] = value;
        body
    };
    for (body, status, code) in [
        (json!({}), 400, "guard.invalid_input"),
        (json!({ "connectorId": "" }), 400, "guard.invalid_input"),
        (
            json!({ "connectorId": "oauth2", "config": [] }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "connectorId": "oauth2", "id": "x".repeat(129) }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "connectorId": "oauth2", "metadata": { "target": 1 } }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "connectorId": "nonsense" }),
            422,
            "connector.not_found_with_connector_id",
        ),
        (
            json!({ "connectorId": "mock-email-service" }),
            422,
            "connector.not_found_with_connector_id",
        ),
        (
            json!({ "connectorId": "oauth2" }),
            400,
            "connector.should_specify_target",
        ),
        (
            json!({ "connectorId": "google-universal", "metadata": { "target": "other" } }),
            400,
            "connector.cannot_overwrite_metadata_for_non_standard_connector",
        ),
        (github(), 422, "connector.multiple_instances_not_supported"),
        (
            oauth2("github"),
            422,
            "connector.multiple_target_with_same_platform",
        ),
        (
            json!({ "connectorId": "google-universal", "config": { "clientId": "x" } }),
            400,
            "connector.invalid_config",
        ),
        (
            with(mail("https://mail.test"), "id", json!("../a")),
            400,
            "guard.invalid_input",
        ),
        (
            with(
                mail("https://mail.test"),
                "metadata",
                json!({ "target": "github" }),
            ),
            400,
            "connector.cannot_overwrite_metadata_for_non_standard_connector",
        ),
        (
            with(mail("ftp://x"), "id", json!("a")),
            400,
            "connector.invalid_config",
        ),
        (
            with(mail("https://mail.test"), "syncProfile", json!(true)),
            422,
            "connector.invalid_type_for_syncing_profile",
        ),
        (
            with(mail("https://mail.test"), "enableTokenStorage", json!(true)),
            422,
            "connector.token_storage_not_supported",
        ),
    ] {
        manager
            .post("/connectors", &body)
            .await
            .failed(status, code);
    }
    assert_eq!(manager.get("/connectors").await.ids().len(), 1);
    let named = with(oauth2("a"), "id", json!("chosen"));
    manager.post("/connectors", &named).await.with(200);
    let again = with(oauth2("b"), "id", json!("chosen"));
    manager
        .post("/connectors", &again)
        .await
        .failed(422, "entity.unique_integrity_violation");
}

async fn a_standard_connector_keeps_its_target(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/connectors", &oauth2("forge"))
        .await
        .with(200);
    assert_eq!(
        (&made["target"], &made["isStandard"]),
        (&json!("forge"), &json!(true))
    );
    assert_eq!(made["name"], json!({ "en": "Forge", "de": "Schmiede" }));
    assert_eq!(made["metadata"]["target"], "forge");
    assert!(made["metadata"].get("logo").is_none());
    let path = format!("/connectors/{}", made["id"].as_str().unwrap());
    let change = json!({ "metadata": { "target": "smithy" } });
    manager
        .patch(&path, &change)
        .await
        .failed(400, "connector.can_not_modify_target");
    let change =
        json!({ "metadata": { "target": "forge", "logo": "https://forge.test/logo.svg" } });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(changed["logo"], "https://forge.test/logo.svg");
    assert_eq!(changed["name"], json!({ "en": "OAuth 2.0" }));
    let change = json!({ "config": { "clientId": "x" } });
    manager
        .patch(&path, &change)
        .await
        .failed(400, "connector.invalid_config");
}

async fn of_connectors_that_send_e_mail_there_is_one(db: TestDb) {
    let manager = Manager::start(db).await;
    let sms = json!({ "connectorId": "http-sms", "config": { "endpoint": "https://sms.test" } });
    let sms = manager.post("/connectors", &sms).await.with(200);
    manager
        .post("/connectors", &mail("https://a.test"))
        .await
        .with(200);
    let last = manager
        .post("/connectors", &mail("https://b.test"))
        .await
        .with(200);
    let mut left = manager.get("/connectors").await.ids();
    let mut expected = [&sms, &last].map(|one| one["id"].as_str().unwrap().to_owned());
    left.sort();
    expected.sort();
    assert_eq!(left, expected);
}

async fn fifty_new_mail_connectors_at_once_leave_one(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = mail("https://a.test");
    let tries = (0..50).map(|_| manager.post("/connectors", &body));
    for answer in futures_util::future::join_all(tries).await {
        answer.with(200);
    }
    assert_eq!(manager.get("/connectors").await.ids().len(), 1);
}

async fn the_last_way_to_a_new_password_stays_while_passwords_expire(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/connectors", &mail("https://a.test"))
        .await
        .with(200);
    let policy = json!({
        "forgotPasswordMethods": ["EmailVerificationCode"],
        "passwordExpiration": { "enabled": true, "validPeriodDays": 90 },
    });
    manager.patch("/sign-in-exp", &policy).await.with(200);
    let path = format!("/connectors/{}", made["id"].as_str().unwrap());
    let code = "sign_in_experiences.password_expiration_requires_forgot_password";
    manager.delete(&path).await.failed(422, code);
    let policy = json!({ "passwordExpiration": { "enabled": false } });
    manager.patch("/sign-in-exp", &policy).await.with(200);
    manager.delete(&path).await.with(204);
}

async fn other_tenants_connectors_do_not_exist(db: TestDb) {
    let manager = Manager::start(db).await;
    let theirs = Connector {
        id: "theirs".to_owned(),
        factory: "github-universal".to_owned(),
        target: "github".to_owned(),
        name: Names::default(),
        logo: None,
        logo_dark: None,
        config: serde_json::Map::new(),
        sync_profile: false,
        stores_tokens: false,
    };
    let app = &manager.server.app;
    let mut tx = app.db().begin().await.unwrap();
    let now = app.now();
    store::connector::insert(&mut tx, app.vault(), ADMIN_TENANT, &theirs, now)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    let path = "/connectors/theirs";
    manager.get(path).await.failed(404, "entity.not_found");
    manager
        .patch(path, &json!({ "syncProfile": true }))
        .await
        .failed(404, "entity.not_found");
    manager
        .delete(path)
        .await
        .failed(404, "entity.not_exists_with_id");
    let begin = json!({ "state": "s", "redirectUri": "https://app.test" });
    let path = "/connectors/theirs/authorization-uri";
    manager
        .post(path, &begin)
        .await
        .failed(404, "entity.not_found");
    // Nor are they in the way.
    manager.post("/connectors", &github()).await.with(200);
}

async fn a_sign_in_at_a_provider_begins_at_its_address(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = manager
        .post("/connectors", &oauth2("forge"))
        .await
        .with(200);
    let path = |made: &Value| {
        format!(
            "/connectors/{}/authorization-uri",
            made["id"].as_str().unwrap()
        )
    };
    let begin = json!({ "state": "s 1", "redirectUri": "https://app.test/back" });
    let answer = manager.post(&path(&made), &begin).await.with(200);
    assert_eq!(
        answer["redirectTo"],
        "https://forge.test/authorize?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.test%2Fback&state=s+1"
    );
    let empty = json!({ "state": "", "redirectUri": "x" });
    manager
        .post(&path(&made), &empty)
        .await
        .failed(400, "session.insufficient_info");
    let mail = manager
        .post("/connectors", &mail("https://a.test"))
        .await
        .with(200);
    manager
        .post(&path(&mail), &begin)
        .await
        .failed(400, "connector.unexpected_type");
    let oidc = json!({
        "connectorId": "oidc",
        "metadata": { "target": "partner" },
        "config": { "clientId": "x", "clientSecret": "y", "issuer": "https://partner.test" },
    });
    let oidc = manager.post("/connectors", &oidc).await.with(200);
    manager
        .post(&path(&oidc), &begin)
        .await
        .failed(501, "connector.not_implemented");
}

async fn the_catalogue_lists_every_factory(db: TestDb) {
    let manager = Manager::start(db).await;
    let all = manager.get("/connector-factories").await.with(200);
    let ids: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(ids.len(), 49);
    assert!(
        !ids.iter()
            .any(|id| id.as_str().unwrap().starts_with("mock-"))
    );
    let path = "/connector-factories/github-universal";
    let github = manager.get(path).await.with(200);
    assert_eq!(github["type"], "Social");
    assert_eq!(github["platform"], "Universal");
    assert_eq!(github["isTokenStorageSupported"], true);
    assert_eq!(github["isStandard"], false);
    assert_eq!(github["formItems"][1]["isConfidential"], true);
    for unknown in ["nonsense", "mock-email-service"] {
        let path = format!("/connector-factories/{unknown}");
        manager.get(&path).await.failed(404, "entity.not_found");
    }
}
