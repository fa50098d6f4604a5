//! `/roles` (`contract/logto-api.md` §3.1).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    support::{ANN, API},
};

on_both!(
    a_role_is_made_changed_and_deleted,
    what_cannot_be_a_role_is_refused,
    nothing_is_made_when_a_scope_does_not_exist,
    the_servers_own_roles_are_hidden_and_stay,
    scopes_are_given_and_taken,
    lists_tell_who_has_a_role,
    a_role_is_given_to_people,
);

async fn make(manager: &Manager, name: &str, kind: &str) -> String {
    let body = json!({ "name": name, "description": "What it is for.", "type": kind });
    let made = manager.post("/roles", &body).await.with(200);
    made["id"].as_str().unwrap().to_owned()
}

/// The ids of the scopes `read` and `write` of the test API.
async fn scopes(manager: &Manager) -> (String, String) {
    let resources = manager.get("/resources?includeScopes=1").await.with(200);
    let mut resources = resources.as_array().unwrap().iter();
    let api = resources.find(|api| api["indicator"] == API).unwrap();
    let id = |index: usize| api["scopes"][index]["id"].as_str().unwrap().to_owned();
    (id(0), id(1))
}

async fn a_role_is_made_changed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = json!({ "name": "editor", "description": "Edits." });
    let made = manager.post("/roles", &body).await.with(200);
    assert_eq!(
        made,
        json!({ "tenantId": "default", "id": made["id"], "name": "editor", "description": "Edits.",
            "type": "User", "isDefault": false })
    );
    let path = format!("/roles/{}", made["id"].as_str().unwrap());
    let change = json!({ "description": "Writes.", "isDefault": true, "type": "MachineToMachine" });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(changed["description"], "Writes.");
    assert_eq!(changed["isDefault"], true);
    assert_eq!(changed["type"], "User", "that cannot change");
    assert_eq!(manager.get(&path).await.with(200), changed);
    manager.delete(&path).await.with(204);
    manager
        .get(&path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&path, &change)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.delete(&path).await.failed(404, "entity.not_found");
}

async fn what_cannot_be_a_role_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    make(&manager, "editor", "User").await;
    for (body, status, code) in [
        (
            json!({ "name": "editor", "description": "x" }),
            422,
            "role.name_in_use",
        ),
        (json!({ "name": "a" }), 400, "guard.invalid_input"),
        (
            json!({ "name": "", "description": "x" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "description": "x".repeat(129) }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "description": "x", "type": "Robot" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "description": "x", "scopeIds": "all" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "#internal:a", "description": "x" }),
            403,
            "role.internal_role_violation",
        ),
        (
            json!({ "name": "a", "description": "x", "scopeIds": ["management-api-all"] }),
            400,
            "role.management_api_scopes_not_assignable_to_user_role",
        ),
    ] {
        manager.post("/roles", &body).await.failed(status, code);
    }
    let other = make(&manager, "other", "User").await;
    let taken = json!({ "name": "editor" });
    manager
        .patch(&format!("/roles/{other}"), &taken)
        .await
        .failed(422, "role.name_in_use");
}

async fn nothing_is_made_when_a_scope_does_not_exist(db: TestDb) {
    let manager = Manager::start(db).await;
    let (read, _) = scopes(&manager).await;
    let body = json!({ "name": "half", "description": "x", "scopeIds": [read, "none"] });
    manager
        .post("/roles", &body)
        .await
        .failed(404, "entity.not_exists_with_id");
    let found = manager.get("/roles?search=half").await.with(200);
    assert_eq!(found, json!([]));
}

async fn the_servers_own_roles_are_hidden_and_stay(db: TestDb) {
    let manager = Manager::start(db).await;
    let names: Vec<Value> = manager
        .get("/roles")
        .await
        .with(200)
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["name"].clone())
        .collect();
    assert!(
        names.contains(&json!("Logto Management API access")),
        "{names:?}"
    );
    assert!(!names.contains(&json!("#internal:admin")), "{names:?}");
    let path = "/roles/admin-role";
    let (read, _) = scopes(&manager).await;
    manager
        .patch(path, &json!({ "name": "x" }))
        .await
        .failed(403, "role.internal_role_violation");
    manager
        .delete(path)
        .await
        .failed(403, "role.internal_role_violation");
    let more = json!({ "scopeIds": [read] });
    manager
        .post(&format!("{path}/scopes"), &more)
        .await
        .failed(403, "role.internal_role_violation");
    let one = format!("{path}/scopes/management-api-all");
    manager
        .delete(&one)
        .await
        .failed(403, "role.internal_role_violation");
}

async fn scopes_are_given_and_taken(db: TestDb) {
    let manager = Manager::start(db).await;
    let (read, write) = scopes(&manager).await;
    let role = make(&manager, "editor", "User").await;
    let path = format!("/roles/{role}/scopes");
    let all = manager
        .post(&path, &json!({ "scopeIds": [read] }))
        .await
        .with(201);
    assert_eq!(all.as_array().unwrap().len(), 1);
    let all = manager
        .post(&path, &json!({ "scopeIds": [write] }))
        .await
        .with(201);
    assert_eq!(all.as_array().unwrap().len(), 2, "all that it allows");
    manager
        .post(&path, &json!({ "scopeIds": [read] }))
        .await
        .failed(422, "role.scope_exists");
    manager
        .post(&path, &json!({ "scopeIds": [] }))
        .await
        .failed(400, "guard.invalid_input");
    manager
        .post(&path, &json!({ "scopeIds": ["none"] }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .post("/roles/none/scopes", &json!({ "scopeIds": [read] }))
        .await
        .failed(404, "entity.not_exists_with_id");

    let listed = manager
        .get(&format!("{path}?search.name=rea%25"))
        .await
        .with(200);
    assert_eq!(listed[0]["resource"]["indicator"], API);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let page = manager.get(&format!("{path}?page=2&page_size=1")).await;
    assert_eq!(page.header("total-number"), "2");
    manager
        .get("/roles/none/scopes")
        .await
        .failed(404, "entity.not_exists_with_id");

    manager.delete(&format!("{path}/{read}")).await.with(204);
    manager
        .delete(&format!("{path}/{read}"))
        .await
        .failed(404, "entity.not_found");
    assert_eq!(
        manager.get(&path).await.with(200).as_array().unwrap().len(),
        1
    );
}

async fn lists_tell_who_has_a_role(db: TestDb) {
    let manager = Manager::start(db).await;
    let find = async |query: &str| manager.get(&format!("/roles?{query}")).await.with(200);
    let reader = find("search=reader").await;
    assert_eq!(reader[0]["usersCount"], 1);
    assert_eq!(
        reader[0]["featuredUsers"],
        json!([{ "id": ANN, "avatar": null, "name": "Ann Lee" }])
    );
    assert_eq!(reader[0]["applicationsCount"], 0);
    let worker = find("search=reading%20worker").await;
    assert_eq!(
        worker[0]["featuredApplications"],
        json!([{ "id": "worker", "name": "worker", "type": "MachineToMachine" }])
    );
    assert_eq!(
        find(&format!("search=reader&excludeUserId={ANN}")).await,
        json!([])
    );
    let machines = find("type=MachineToMachine&excludeApplicationId=worker").await;
    assert_eq!(machines, json!([]), "worker has both");
    let page = manager.get("/roles?page=2&page_size=1").await;
    assert_eq!(page.header("total-number"), "3");
}

async fn a_role_is_given_to_people(db: TestDb) {
    let manager = Manager::start(db).await;
    let role = make(&manager, "editor", "User").await;
    let path = format!("/roles/{role}/users");
    assert_eq!(manager.get(&path).await.with(200), json!([]));
    let ann = json!({ "userIds": [ANN] });
    assert_eq!(manager.post(&path, &ann).await.with(201), json!("Created"));
    manager
        .post(&path, &ann)
        .await
        .failed(422, "role.user_exists");
    assert_eq!(manager.get(&path).await.with(200)[0]["id"], ANN);
    let page = manager.get(&format!("{path}?page=1&search=nobody")).await;
    assert_eq!(page.header("total-number"), "0");
    let unknown = json!({ "userIds": ["none"] });
    manager
        .post(&path, &unknown)
        .await
        .failed(404, "entity.relation_foreign_key_not_found");
    manager
        .post(&path, &json!({ "userIds": [] }))
        .await
        .failed(400, "guard.invalid_input");
    let machine = make(&manager, "machine", "MachineToMachine").await;
    let other = json!({ "userIds": [ANN] });
    manager
        .post(&format!("/roles/{machine}/users"), &other)
        .await
        .failed(422, "entity.db_constraint_violated");
    manager.delete(&format!("{path}/{ANN}")).await.with(204);
    manager
        .delete(&format!("{path}/{ANN}"))
        .await
        .failed(404, "entity.not_found");
    manager
        .get("/roles/none/users")
        .await
        .failed(404, "entity.not_exists_with_id");
}
