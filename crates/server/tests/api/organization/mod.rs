//! `/organizations`, and below it all that concerns them (`contract/logto-api.md` §3.3–§3.5).

mod invitation;
mod member;
mod role;

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use self::invitation::{INVITATIONS, invitation};
use crate::{
    manager::Manager,
    support::{ANN, START},
};

on_both!(
    an_organization_is_made_changed_and_deleted,
    organizations_are_listed_searched_and_featured,
    bad_input_is_refused,
    deleting_an_organization_takes_all_with_it,
);

async fn made(manager: &Manager, path: &str, body: Value) -> String {
    let made = manager.post(path, &body).await.with(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn organization(manager: &Manager, name: &str) -> String {
    made(manager, "/organizations", json!({ "name": name })).await
}

async fn role(manager: &Manager, name: &str, kind: &str) -> String {
    let body = json!({ "name": name, "type": kind });
    made(manager, "/organization-roles", body).await
}

async fn scope(manager: &Manager, name: &str) -> String {
    made(manager, "/organization-scopes", json!({ "name": name })).await
}

async fn user(manager: &Manager, name: &str) -> String {
    let body = json!({ "username": name, "primaryEmail": format!("{name}@example.com") });
    let made = manager.post("/users", &body).await.with(200);
    made["id"].as_str().unwrap().to_owned()
}

/// A list of entries, each in short: what `member` of it says.
fn every(list: &Value, member: &str) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row[member].as_str().unwrap().to_owned())
        .collect()
}

async fn an_organization_is_made_changed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = json!({ "name": "Acme", "description": "Makes.", "customData": { "plan": { "seats": 3 } },
        "color": { "primaryColor": "#112233" }, "branding": { "logoUrl": "https://acme.test/logo.svg" } });
    let acme = manager.post("/organizations", &body).await.with(201);
    assert_eq!(
        acme,
        json!({ "tenantId": "default", "id": acme["id"], "name": "Acme", "description": "Makes.",
            "customData": { "plan": { "seats": 3 } }, "isMfaRequired": false,
            "color": { "primaryColor": "#112233" }, "branding": { "logoUrl": "https://acme.test/logo.svg" },
            "customCss": null, "createdAt": START * 1000 })
    );
    assert_eq!(acme["id"].as_str().unwrap().len(), 12);
    let path = format!("/organizations/{}", acme["id"].as_str().unwrap());
    let change = json!({ "customData": { "a": 1 }, "description": null, "isMfaRequired": true, "name": "Acme 2" });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(changed["customData"], json!({ "a": 1 }), "replaced");
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["isMfaRequired"], true);
    assert_eq!(changed["color"], acme["color"], "kept");
    assert_eq!(manager.get(&path).await.with(200), changed);
    manager.delete(&path).await.with(204);
    let gone = manager.get(&path).await;
    gone.failed(404, "entity.not_exists_with_id");
    let gone = manager.patch(&path, &change).await;
    gone.failed(404, "entity.not_exists");
    manager.delete(&path).await.failed(404, "entity.not_found");
}

async fn organizations_are_listed_searched_and_featured(db: TestDb) {
    let manager = Manager::start(db).await;
    let ids = [
        organization(&manager, "Alpha").await,
        organization(&manager, "Beta").await,
        organization(&manager, "Alphabet").await,
    ];
    let found = manager.get("/organizations?q=ALPHA&page_size=1").await;
    assert_eq!(found.header("total-number"), "2");
    assert_eq!(found.with(200).as_array().unwrap().len(), 1);
    let none = manager.get("/organizations?q=%25").await;
    assert_eq!(
        none.header("total-number"),
        "0",
        "a wildcard is a letter here"
    );
    let body = json!({ "userIds": [ANN] });
    let path = format!("/organizations/{}/users", ids[1]);
    manager.post(&path, &body).await.with(201);
    let featured = manager.get("/organizations?q=Beta&showFeatured=1").await;
    let featured = featured.with(200);
    assert_eq!(featured[0]["usersCount"], 1);
    assert_eq!(featured[0]["featuredUsers"][0]["id"], ANN);
    let plain = manager.get("/organizations").await.with(200);
    assert_eq!(plain.as_array().unwrap().len(), 3);
    assert!(plain[0].get("usersCount").is_none());
}

async fn bad_input_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    scope(&manager, "taken").await;
    role(&manager, "taken", "User").await;
    for (path, body, status, code) in [
        ("/organizations", json!({}), 400, "guard.invalid_input"),
        (
            "/organizations",
            json!({ "name": "" }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organizations",
            json!({ "name": "x".repeat(129) }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organizations",
            json!({ "name": "a\0" }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organizations",
            json!({ "name": "a", "customData": [] }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organizations",
            json!({ "name": "a", "color": { "primaryColor": "red" } }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organizations",
            json!({ "name": "a", "branding": { "logoUrl": "javascript:1" } }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organization-scopes",
            json!({ "name": "taken" }),
            422,
            "entity.unique_integrity_violation",
        ),
        (
            "/organization-scopes",
            json!({ "name": 1 }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organization-roles",
            json!({ "name": "taken" }),
            422,
            "entity.unique_integrity_violation",
        ),
        (
            "/organization-roles",
            json!({ "name": "a", "type": "Robot" }),
            400,
            "guard.invalid_input",
        ),
        (
            "/organization-roles",
            json!({ "name": "a", "organizationScopeIds": ["none"] }),
            422,
            "entity.relation_foreign_key_not_found",
        ),
    ] {
        manager.post(path, &body).await.failed(status, code);
    }
    let roles = manager.get("/organization-roles?q=a").await.with(200);
    assert_eq!(every(&roles, "name"), ["taken"], "nothing half made");
}

async fn deleting_an_organization_takes_all_with_it(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let admin = role(&manager, "admin", "User").await;
    let users = format!("/organizations/{acme}/users");
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    manager
        .put(
            &format!("{users}/{ANN}/roles"),
            &json!({ "organizationRoleIds": [admin] }),
        )
        .await
        .with(204);
    made(&manager, INVITATIONS, invitation(&acme, "c@example.com")).await;
    manager
        .delete(&format!("/organizations/{acme}"))
        .await
        .with(204);
    assert_eq!(manager.get(INVITATIONS).await.with(200), json!([]));
    let of_ann = manager.get(&format!("/users/{ANN}/organizations")).await;
    assert_eq!(of_ann.with(200), json!([]));
    manager
        .get(&users)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .delete(&format!("/organization-roles/{admin}"))
        .await
        .with(204);
}
