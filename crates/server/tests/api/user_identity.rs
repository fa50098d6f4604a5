//! `POST /users/{userId}/identities` (`contract/logto-api.md` §2.3).

use serde_json::{Value, json};
use store::{on_both, seed::DEFAULT_TENANT, testing::TestDb};

use crate::{
    manager::Manager,
    provider::{self, CONNECTOR, returned},
    receiver::Receiver,
    support::ANN,
};

on_both!(
    an_account_is_linked_with_whom_a_provider_vouches_for,
    what_no_provider_vouches_for_is_not_linked,
    t32_an_identity_of_somebody_else_is_not_taken,
    t31_a_link_gives_no_address_and_no_number,
    connectors_that_cannot_do_it_say_so,
    webhooks_hear_of_a_link,
);

const ALLOWED: [(&str, &str); 1] = [("HUFU_OUTBOUND_ALLOW", "127.0.0.1")];

async fn start(db: TestDb) -> Manager {
    let manager = Manager::start_with(db, &ALLOWED).await;
    let people = json!({
        "ann": { "id": 42, "name": "Ann There", "avatar": "https://a.test/ann.png", "plan": 7 },
        "other": { "id": "43", "email": "new@example.com", "email_verified": true, "phone": "+4930999999", "phone_verified": true },
    });
    let address = provider::start(people).await;
    provider::connect(&manager.server.app, DEFAULT_TENANT, &address).await;
    manager
}

fn path(user: &str) -> String {
    format!("/users/{user}/identities")
}

async fn identities(manager: &Manager) -> Value {
    let user = manager.get(&format!("/users/{ANN}")).await.with(200);
    user["identities"].clone()
}

async fn an_account_is_linked_with_whom_a_provider_vouches_for(db: TestDb) {
    let manager = start(db).await;
    let linked = manager.post(&path(ANN), &returned("ann")).await.with(200);
    let details = json!({
        "id": "42", "name": "Ann There", "avatar": "https://a.test/ann.png", "email": null, "phone": null,
        "rawData": { "id": 42, "name": "Ann There", "avatar": "https://a.test/ann.png", "plan": 7 },
    });
    let expected = json!({ "acme": { "userId": "42", "details": details } });
    assert_eq!(linked, expected);
    assert_eq!(identities(&manager).await, expected);
    let changed = manager.post(&path(ANN), &returned("other")).await.with(200);
    assert_eq!(changed["acme"]["userId"], "43", "the first gives way");
}

async fn what_no_provider_vouches_for_is_not_linked(db: TestDb) {
    let manager = start(db).await;
    let mut elsewhere = returned("ann");
    elsewhere["connectorData"]["redirectUri"] = "http://evil.test".into();
    let mut denied = returned("ann");
    denied["connectorData"]["error"] = "access_denied".into();
    for (body, code) in [
        (returned("nobody"), "connector.social_invalid_access_token"),
        (elsewhere, "connector.social_invalid_access_token"),
        (denied, "connector.authorization_failed"),
        (
            json!({ "connectorId": CONNECTOR, "connectorData": {} }),
            "connector.authorization_failed",
        ),
        (
            json!({ "connectorId": CONNECTOR, "connectorData": { "code": ["ann"] } }),
            "connector.authorization_failed",
        ),
    ] {
        manager.post(&path(ANN), &body).await.failed(401, code);
    }
    for body in [
        json!({}),
        json!({ "connectorId": CONNECTOR }),
        json!({ "connectorId": CONNECTOR, "connectorData": "code=ann" }),
        json!({ "connectorId": "", "connectorData": {} }),
    ] {
        manager
            .post(&path(ANN), &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    let nobody = manager.post(&path("nobody123456"), &returned("ann")).await;
    nobody.failed(404, "entity.not_found");
    assert_eq!(identities(&manager).await, json!({}));
    // The code was spent on nobody, and is good once.
    manager.post(&path(ANN), &returned("ann")).await.with(200);
    let again = manager.post(&path(ANN), &returned("ann")).await;
    again.failed(401, "connector.social_invalid_access_token");
}

async fn t32_an_identity_of_somebody_else_is_not_taken(db: TestDb) {
    let manager = start(db).await;
    let other = json!({ "username": "other" });
    let other = manager.post("/users", &other).await.with(200);
    let theirs = path(other["id"].as_str().unwrap());
    let identity = json!({ "userId": "42" });
    manager
        .put(&format!("{theirs}/acme"), &identity)
        .await
        .with(201);
    let refused = manager.post(&path(ANN), &returned("ann")).await;
    refused.failed(422, "user.identity_already_in_use");
    assert_eq!(identities(&manager).await, json!({}));
}

async fn t31_a_link_gives_no_address_and_no_number(db: TestDb) {
    let manager = start(db).await;
    let user = format!("/users/{ANN}");
    let before = manager.get(&user).await.with(200);
    manager.post(&path(ANN), &returned("other")).await.with(200);
    let after = manager.get(&user).await.with(200);
    for name in ["primaryEmail", "primaryPhone", "name", "avatar"] {
        assert_eq!(after[name], before[name], "{name}");
    }
}

async fn connectors_that_cannot_do_it_say_so(db: TestDb) {
    let manager = start(db).await;
    let connector = async |factory: &str, config: Value, metadata: Value| {
        let body = json!({ "connectorId": factory, "config": config, "metadata": metadata });
        let made = manager.post("/connectors", &body).await.with(200);
        made["id"].as_str().unwrap().to_owned()
    };
    let mail = json!({ "endpoint": "https://mail.test/send" });
    let mail = connector("http-email", mail, json!({})).await;
    let openid = json!({ "issuer": "https://id.test", "clientId": "x", "clientSecret": "y", "scope": "openid" });
    let openid = connector("oidc", openid, json!({ "target": "partner" })).await;
    for (id, status, code) in [
        ("nobody", 404, "entity.not_found"),
        (mail.as_str(), 422, "session.invalid_connector_id"),
        (openid.as_str(), 501, "connector.not_implemented"),
    ] {
        let body = json!({ "connectorId": id, "connectorData": { "code": "ann" } });
        manager.post(&path(ANN), &body).await.failed(status, code);
    }
}

async fn webhooks_hear_of_a_link(db: TestDb) {
    let manager = start(db).await;
    let receiver = Receiver::start().await;
    let hook = json!({ "name": "hook", "events": ["User.Data.Updated"], "config": { "url": receiver.url } });
    manager.post("/hooks", &hook).await.with(201);
    manager.post(&path(ANN), &returned("ann")).await.with(200);
    server::job::hook::once(&manager.server.app).await.unwrap();
    let told = receiver.calls();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].body["event"], "User.Data.Updated");
    assert_eq!(told[0].body["data"]["identities"]["acme"]["userId"], "42");
}
