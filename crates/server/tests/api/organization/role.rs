//! `/organization-roles` and who gets them by joining (`contract/logto-api.md` §3.3, §3.4).

use serde_json::json;
use store::{on_both, testing::TestDb};

use super::{every, made, organization, role, scope};
use crate::{
    manager::Manager,
    support::{ANN, API},
};

on_both!(
    roles_allow_scopes,
    a_role_in_use_keeps_its_kind,
    people_join_by_domain_and_role,
);

async fn roles_allow_scopes(db: TestDb) {
    let manager = Manager::start(db).await;
    let (read, write) = (
        scope(&manager, "read:docs").await,
        scope(&manager, "write:docs").await,
    );
    let resources = manager.get("/resources?includeScopes=1").await.with(200);
    let api = resources
        .as_array()
        .unwrap()
        .iter()
        .find(|api| api["indicator"] == API)
        .unwrap();
    let of_api = api["scopes"][0]["id"].as_str().unwrap().to_owned();
    let body =
        json!({ "name": "editor", "organizationScopeIds": [read], "resourceScopeIds": [of_api] });
    let editor = made(&manager, "/organization-roles", body).await;
    let path = format!("/organization-roles/{editor}");
    let one = manager.get(&path).await.with(200);
    assert!(one.get("scopes").is_none());
    let listed = manager.get("/organization-roles").await.with(200);
    assert_eq!(
        listed[0]["scopes"],
        json!([{ "id": read, "name": "read:docs" }])
    );
    assert_eq!(listed[0]["resourceScopes"][0]["resource"]["id"], api["id"]);
    let scopes = format!("{path}/scopes");
    manager
        .post(&scopes, &json!({ "organizationScopeIds": [read, write] }))
        .await
        .with(201);
    let all = manager.get(&scopes).await.with(200);
    assert_eq!(every(&all, "name"), ["read:docs", "write:docs"]);
    manager
        .put(&scopes, &json!({ "organizationScopeIds": [write] }))
        .await
        .with(204);
    let refused = manager
        .put(&scopes, &json!({ "organizationScopeIds": ["none"] }))
        .await;
    refused.failed(422, "entity.relation_foreign_key_not_found");
    assert_eq!(
        every(&manager.get(&scopes).await.with(200), "id"),
        std::slice::from_ref(&write)
    );
    let resource_scopes = format!("{path}/resource-scopes");
    assert_eq!(
        every(&manager.get(&resource_scopes).await.with(200), "id"),
        std::slice::from_ref(&of_api)
    );
    manager
        .delete(&format!("{resource_scopes}/{of_api}"))
        .await
        .with(204);
    let gone = manager.delete(&format!("{resource_scopes}/{of_api}")).await;
    gone.failed(404, "entity.not_found");
    let nowhere = manager.get("/organization-roles/none/scopes").await;
    nowhere.failed(404, "entity.not_found");
    let acme = organization(&manager, "Acme").await;
    let users = format!("/organizations/{acme}/users");
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    let of_ann = format!("{users}/{ANN}");
    manager
        .put(
            &format!("{of_ann}/roles"),
            &json!({ "organizationRoleIds": [editor] }),
        )
        .await
        .with(204);
    let may = manager.get(&format!("{of_ann}/scopes")).await.with(200);
    assert_eq!(every(&may, "name"), ["write:docs"]);
    manager
        .delete(&format!("/organization-scopes/{write}"))
        .await
        .with(204);
    assert_eq!(
        manager.get(&format!("{of_ann}/scopes")).await.with(200),
        json!([])
    );
}

async fn a_role_in_use_keeps_its_kind(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, admin) = (
        organization(&manager, "Acme").await,
        role(&manager, "admin", "User").await,
    );
    let path = format!("/organization-roles/{admin}");
    let robot = json!({ "type": "MachineToMachine" });
    let changed = manager.patch(&path, &robot).await.with(200);
    assert_eq!(changed["type"], "MachineToMachine");
    manager
        .patch(&path, &json!({ "type": "User", "description": "x" }))
        .await
        .with(200);
    let users = format!("/organizations/{acme}/users");
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    let given = json!({ "organizationRoleIds": [admin] });
    manager
        .post(&format!("{users}/{ANN}/roles"), &given)
        .await
        .with(201);
    let refused = manager.patch(&path, &robot).await;
    refused.failed(422, "entity.db_constraint_violated");
    manager.delete(&path).await.with(204);
    assert_eq!(
        manager.get(&format!("{users}/{ANN}/roles")).await.with(200),
        json!([])
    );
}

async fn people_join_by_domain_and_role(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, admin) = (
        organization(&manager, "Acme").await,
        role(&manager, "admin", "User").await,
    );
    let domains = format!("/organizations/{acme}/jit/email-domains");
    let made = manager
        .post(&domains, &json!({ "emailDomain": "Acme.test" }))
        .await
        .with(201);
    assert_eq!(
        made,
        json!({ "tenantId": "default", "organizationId": acme, "emailDomain": "acme.test" })
    );
    let taken = manager
        .post(&domains, &json!({ "emailDomain": "acme.test" }))
        .await;
    taken.failed(422, "entity.unique_integrity_violation");
    manager
        .put(&domains, &json!({ "emailDomains": ["b.test", "a.test"] }))
        .await
        .with(204);
    let listed = manager.get(&format!("{domains}?page=1&page_size=1")).await;
    assert_eq!(listed.header("total-number"), "2");
    assert_eq!(every(&listed.with(200), "emailDomain"), ["a.test"]);
    manager.delete(&format!("{domains}/a.test")).await.with(204);
    let gone = manager.delete(&format!("{domains}/a.test")).await;
    gone.failed(404, "entity.not_found");
    let roles = format!("/organizations/{acme}/jit/roles");
    manager
        .post(&roles, &json!({ "organizationRoleIds": [admin] }))
        .await
        .with(201);
    manager
        .post(&roles, &json!({ "organizationRoleIds": [admin] }))
        .await
        .with(201);
    assert_eq!(
        every(&manager.get(&roles).await.with(200), "id"),
        std::slice::from_ref(&admin)
    );
    let refused = manager
        .put(&roles, &json!({ "organizationRoleIds": ["none"] }))
        .await;
    refused.failed(422, "entity.relation_foreign_key_not_found");
    manager
        .put(&roles, &json!({ "organizationRoleIds": [] }))
        .await
        .with(204);
    let gone = manager.delete(&format!("{roles}/{admin}")).await;
    gone.failed(404, "entity.not_found");
    let nowhere = manager.get("/organizations/none/jit/roles").await;
    nowhere.failed(404, "entity.not_exists_with_id");
}
