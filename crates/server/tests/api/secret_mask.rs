//! Secrets of connectors, providers and hooks never come out of the API, and stay when what came out is written back.

use serde_json::{Value, json};
use server::job;
use store::{on_both, seed::DEFAULT_TENANT, testing::TestDb};

use crate::{manager::Manager, receiver::Receiver, sso_connector};

on_both! {
    t55_a_connectors_secrets_are_masked_and_stay,
    t55_a_connectors_secrets_are_not_sent_elsewhere,
    t55_a_test_message_uses_the_stored_secret,
    t55_an_enterprise_providers_secret_is_masked_and_stays,
    t55_the_secret_of_captchas_is_masked_and_stays,
    t55_headers_of_hooks_are_masked_and_sent,
}

const MASK: &str = "••••••••";
const SECRET: &str = "Bearer swordfish";

async fn start(db: TestDb) -> Manager {
    Manager::start_with(db, &[("HUFU_OUTBOUND_ALLOW", "127.0.0.1")]).await
}

fn assert_hidden(answer: &Value) {
    assert!(!answer.to_string().contains("swordfish"), "{answer}");
}

fn path(kind: &str, thing: &Value) -> String {
    format!("/{kind}/{}", thing["id"].as_str().unwrap())
}

async fn stored(manager: &Manager, id: &Value) -> Value {
    let app = &manager.server.app;
    let id = id.as_str().unwrap();
    let found = store::connector::find(app.db(), app.vault(), DEFAULT_TENANT, id).await;
    found.unwrap().unwrap().config.into()
}

async fn t55_a_connectors_secrets_are_masked_and_stay(db: TestDb) {
    let manager = start(db).await;
    let config = json!({
        "authorizationEndpoint": "https://forge.test/authorize",
        "tokenEndpoint": "https://forge.test/token",
        "userInfoEndpoint": "https://forge.test/user",
        "clientId": "id",
        "clientSecret": SECRET,
        "customConfig": { "key": SECRET },
    });
    let body =
        json!({ "connectorId": "oauth2", "metadata": { "target": "forge" }, "config": config });
    let made = manager.post("/connectors", &body).await.with(200);
    let path = path("connectors", &made);
    let found = manager.get(&path).await.with(200);
    let listed = manager.get("/connectors").await.with(200);
    // Clients write back all that they read, with one thing changed.
    let mut all = found["config"].clone();
    all["scope"] = json!("profile");
    let changed = manager
        .patch(&path, &json!({ "config": all }))
        .await
        .with(200);
    for answer in [&made, &found, &listed, &changed] {
        assert_hidden(answer);
    }
    assert_eq!(changed["config"]["clientSecret"], MASK);
    assert_eq!(changed["config"]["customConfig"]["key"], MASK);
    let mut expected = config;
    expected["scope"] = json!("profile");
    assert_eq!(stored(&manager, &made["id"]).await, expected);

    let change = json!({ "config": { "clientId": "id", "clientSecret": MASK, "unheardOf": MASK } });
    let refused = manager
        .patch(&path, &change)
        .await
        .failed(400, "connector.invalid_config");
    assert!(
        refused["message"].as_str().unwrap().contains("unheardOf"),
        "{refused}"
    );
    let copy = json!({ "connectorId": "oauth2", "metadata": { "target": "copy" }, "config": found["config"] });
    manager
        .post("/connectors", &copy)
        .await
        .failed(400, "connector.invalid_config");
    assert_eq!(stored(&manager, &made["id"]).await, expected);
}

/// Otherwise a mask would hide nothing from those who may write.
async fn t55_a_connectors_secrets_are_not_sent_elsewhere(db: TestDb) {
    let manager = start(db).await;
    let body = json!({ "connectorId": "github-universal", "config": { "clientId": "id", "clientSecret": SECRET } });
    let made = manager.post("/connectors", &body).await.with(200);
    let path = path("connectors", &made);
    let mut config = made["config"].clone();
    config["tokenEndpoint"] = json!("https://evil.test/token");
    let refused = manager.patch(&path, &json!({ "config": config })).await;
    let refused = refused.failed(400, "connector.invalid_config");
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("tokenEndpoint"),
        "{refused}"
    );
    assert_eq!(stored(&manager, &made["id"]).await["clientSecret"], SECRET);
    config["clientSecret"] = json!("another");
    manager
        .patch(&path, &json!({ "config": config }))
        .await
        .with(200);
    assert_eq!(
        stored(&manager, &made["id"]).await["clientSecret"],
        "another"
    );
}

async fn t55_a_test_message_uses_the_stored_secret(db: TestDb) {
    let (manager, program, other) = (
        start(db).await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let config = json!({ "endpoint": program.url, "authorization": SECRET });
    let test = |config: &Value| json!({ "email": "ann@people.test", "config": config });
    let masked = json!({ "endpoint": program.url, "authorization": MASK });
    let path = "/connectors/http-email/test";
    manager
        .post(path, &test(&masked))
        .await
        .failed(400, "connector.invalid_config");

    let body = json!({ "connectorId": "http-email", "config": config });
    let made = manager.post("/connectors", &body).await.with(200);
    assert_hidden(&made);
    manager.post(path, &test(&made["config"])).await.with(204);
    let calls = program.calls();
    assert_eq!(calls[0].header("authorization"), SECRET);

    let elsewhere = json!({ "endpoint": other.url, "authorization": MASK });
    manager
        .post(path, &test(&elsewhere))
        .await
        .failed(400, "connector.invalid_config");
    assert!(other.calls().is_empty());
}

async fn t55_an_enterprise_providers_secret_is_masked_and_stays(db: TestDb) {
    let (manager, issuer) = (start(db).await, sso_connector::provider().await);
    let config = json!({ "clientId": "id", "clientSecret": SECRET, "issuer": issuer });
    let body = json!({ "providerName": "OIDC", "connectorName": "Acme", "config": config });
    let made = manager.post("/sso-connectors", &body).await.with(200);
    let path = path("sso-connectors", &made);
    let found = manager.get(&path).await.with(200);
    let listed = manager.get("/sso-connectors").await.with(200);
    let organization = manager
        .post("/organizations", &json!({ "name": "Acme" }))
        .await
        .with(201);
    let jit = format!(
        "/organizations/{}/jit/sso-connectors",
        organization["id"].as_str().unwrap()
    );
    let ids = json!({ "ssoConnectorIds": [made["id"]] });
    manager.post(&jit, &ids).await.with(201);
    let joining = manager.get(&jit).await.with(200);
    assert_eq!(joining[0]["config"]["clientSecret"], MASK);
    let mut all = found["config"].clone();
    all["scope"] = json!("groups");
    let changed = manager
        .patch(&path, &json!({ "config": all }))
        .await
        .with(200);
    for answer in [&made, &found, &listed, &joining, &changed] {
        assert_hidden(answer);
    }
    let held = async || {
        let (app, id) = (&manager.server.app, made["id"].as_str().unwrap());
        let found = store::sso_connector::find(app.db(), app.vault(), DEFAULT_TENANT, id).await;
        Value::from(found.unwrap().unwrap().config)
    };
    let expected =
        json!({ "clientId": "id", "clientSecret": SECRET, "issuer": issuer, "scope": "groups" });
    assert_eq!(held().await, expected);

    all["issuer"] = json!(sso_connector::provider().await);
    let refused = manager.patch(&path, &json!({ "config": all })).await;
    refused.failed(400, "connector.invalid_config");
    let copy =
        json!({ "providerName": "OIDC", "connectorName": "Copy", "config": found["config"] });
    manager
        .post("/sso-connectors", &copy)
        .await
        .failed(400, "connector.invalid_config");
    assert_eq!(held().await, expected);
}

async fn t55_the_secret_of_captchas_is_masked_and_stays(db: TestDb) {
    let manager = start(db).await;
    let with = |key: &str, secret: &str| json!({ "config": { "type": "Turnstile", "siteKey": key, "secretKey": secret } });
    let path = "/captcha-provider";
    manager
        .put(path, &with("a", MASK))
        .await
        .failed(400, "guard.invalid_input");
    let made = manager.put(path, &with("a", SECRET)).await.with(200);
    let found = manager.get(path).await.with(200);
    let changed = manager.put(path, &with("b", MASK)).await.with(200);
    for answer in [&made, &found, &changed] {
        assert_hidden(answer);
        assert_eq!(answer["config"]["secretKey"], MASK);
    }
    let app = &manager.server.app;
    let held = store::captcha_provider::find(app.db(), app.vault(), DEFAULT_TENANT).await;
    assert_eq!(held.unwrap().unwrap().config, with("b", SECRET)["config"]);
    let other = json!({ "config": { "type": "RecaptchaEnterprise", "siteKey": "b", "secretKey": MASK, "projectId": "p" } });
    manager
        .put(path, &other)
        .await
        .failed(400, "guard.invalid_input");
}

async fn t55_headers_of_hooks_are_masked_and_sent(db: TestDb) {
    let (manager, receiver, other) = (
        start(db).await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let body = json!({
        "name": "hook", "events": ["Role.Created"],
        "config": { "url": receiver.url, "headers": { "authorization": SECRET } },
    });
    let made = manager.post("/hooks", &body).await.with(201);
    let path = path("hooks", &made);
    let found = manager.get(&path).await.with(200);
    let listed = manager.get("/hooks").await.with(200);
    let mut all = found["config"].clone();
    all["retries"] = json!(1);
    let changed = manager
        .patch(&path, &json!({ "config": all }))
        .await
        .with(200);
    let renewed = manager
        .patch(&format!("{path}/signing-key"), &json!({}))
        .await
        .with(200);
    for answer in [&made, &found, &listed, &changed, &renewed] {
        assert_hidden(answer);
    }
    assert_eq!(
        changed["config"]["headers"],
        json!({ "authorization": MASK })
    );
    let key = renewed["signingKey"].as_str().unwrap();
    assert_eq!(key.len(), 32, "operators copy it to whoever is told");

    let trial = json!({ "events": ["Role.Created"], "config": changed["config"] });
    manager
        .post(&format!("{path}/test"), &trial)
        .await
        .with(204);
    let role = json!({ "name": "editor", "description": "Edits." });
    manager.post("/roles", &role).await.with(200);
    job::hook::once(&manager.server.app).await.unwrap();
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2);
    assert!(
        calls
            .iter()
            .all(|call| call.header("authorization") == SECRET)
    );

    let elsewhere = json!({ "events": ["Role.Created"], "config": { "url": other.url, "headers": { "authorization": MASK } } });
    manager
        .post(&format!("{path}/test"), &elsewhere)
        .await
        .failed(400, "guard.invalid_input");
    let moved = json!({ "config": elsewhere["config"] });
    manager
        .patch(&path, &moved)
        .await
        .failed(400, "guard.invalid_input");
    assert!(other.calls().is_empty());
    let copy = json!({ "name": "copy", "events": ["Role.Created"], "config": found["config"] });
    manager
        .post("/hooks", &copy)
        .await
        .failed(400, "guard.invalid_input");
}
