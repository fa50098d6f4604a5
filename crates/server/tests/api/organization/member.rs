//! Those who are in an organization (`contract/logto-api.md` §3.3).

use serde_json::{Value, json};
use server::job;
use store::{on_both, testing::TestDb};

use super::{every, organization, role, scope, user};
use crate::{manager::Manager, receiver::Receiver, support::ANN};

on_both!(
    people_join_have_roles_and_leave,
    those_who_stay_keep_their_roles,
    unknown_members_and_roles_are_refused_as_a_whole,
    applications_act_in_organizations,
    members_are_told_to_webhooks,
);

async fn people_join_have_roles_and_leave(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let (admin, editor) = (
        role(&manager, "admin", "User").await,
        role(&manager, "editor", "User").await,
    );
    let users = format!("/organizations/{acme}/users");
    let body = json!({ "userIds": [ANN, bob, ANN] });
    let joined = manager.post(&users, &body).await.with(201);
    assert_eq!(joined, body, "what was sent comes back");
    manager.post(&users, &body).await.with(201);
    let roles = format!("{users}/{bob}/roles");
    let given = json!({ "organizationRoleIds": [admin], "organizationRoleNames": ["editor"] });
    let given = manager.post(&roles, &given).await.with(201);
    assert_eq!(given["organizationRoleIds"].as_array().unwrap().len(), 2);
    let listed = manager.get(&users).await.with(200);
    let mut ids = [ANN.to_owned(), bob.clone()];
    ids.sort();
    assert_eq!(every(&listed, "id"), ids, "by id");
    let of_bob = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == *bob)
        .unwrap();
    assert_eq!(
        of_bob["organizationRoles"],
        json!([{ "id": admin, "name": "admin" }, { "id": editor, "name": "editor" }])
    );
    assert!(of_bob.get("hasPassword").is_none());
    let only = manager
        .get(&format!("{users}?organizationRoleId={admin}&q=BOB"))
        .await;
    assert_eq!(every(&only.with(200), "id"), std::slice::from_ref(&bob));
    manager
        .put(&roles, &json!({ "organizationRoleIds": [editor] }))
        .await
        .with(204);
    let of_bob = manager.get(&roles).await.with(200);
    assert_eq!(every(&of_bob, "id"), std::slice::from_ref(&editor));
    manager.delete(&format!("{roles}/{editor}")).await.with(204);
    let gone = manager.delete(&format!("{roles}/{editor}")).await;
    gone.failed(404, "entity.not_found");
    let both = json!({ "userIds": [ANN, bob], "organizationRoleIds": [admin, editor] });
    manager
        .post(&format!("{users}/roles"), &both)
        .await
        .with(201);
    assert_eq!(
        manager
            .get(&roles)
            .await
            .with(200)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    manager.delete(&format!("{users}/{bob}")).await.with(204);
    manager
        .get(&roles)
        .await
        .failed(422, "organization.require_membership");
    let gone = manager.delete(&format!("{users}/{bob}")).await;
    gone.failed(404, "entity.not_found");
    manager
        .post(&users, &json!({ "userIds": [bob] }))
        .await
        .with(201);
    assert_eq!(
        manager.get(&roles).await.with(200),
        json!([]),
        "the roles went with the membership"
    );
}

async fn those_who_stay_keep_their_roles(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let admin = role(&manager, "admin", "User").await;
    let users = format!("/organizations/{acme}/users");
    manager
        .put(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(204);
    let roles = json!({ "organizationRoleIds": [admin] });
    manager
        .put(&format!("{users}/{ANN}/roles"), &roles)
        .await
        .with(204);
    manager
        .put(&users, &json!({ "userIds": [ANN, bob] }))
        .await
        .with(204);
    let of_ann = manager.get(&format!("{users}/{ANN}/roles")).await.with(200);
    assert_eq!(every(&of_ann, "id"), [admin]);
    manager
        .put(&users, &json!({ "userIds": [] }))
        .await
        .with(204);
    assert_eq!(manager.get(&users).await.with(200), json!([]));
    let nowhere = manager
        .put("/organizations/none/users", &json!({ "userIds": [] }))
        .await;
    nowhere.failed(404, "entity.not_exists_with_id");
}

async fn unknown_members_and_roles_are_refused_as_a_whole(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let (robot, users) = (
        role(&manager, "robot", "MachineToMachine").await,
        format!("/organizations/{acme}/users"),
    );
    let dangling = "entity.relation_foreign_key_not_found";
    let body = json!({ "userIds": [ANN, "nobody"] });
    manager.post(&users, &body).await.failed(422, dangling);
    manager.put(&users, &body).await.failed(422, dangling);
    assert_eq!(
        manager.get(&users).await.with(200),
        json!([]),
        "nobody joined"
    );
    let elsewhere = manager
        .post("/organizations/none/users", &json!({ "userIds": [ANN] }))
        .await;
    elsewhere.failed(422, dangling);
    let none = manager.post(&users, &json!({ "userIds": [] })).await;
    none.failed(400, "guard.invalid_input");
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    let roles = format!("{users}/{ANN}/roles");
    for (body, code) in [
        (json!({ "organizationRoleIds": ["none"] }), dangling),
        (
            json!({ "organizationRoleIds": [robot] }),
            "entity.db_constraint_violated",
        ),
        (
            json!({ "organizationRoleNames": ["none"] }),
            "organization.role_names_not_found",
        ),
    ] {
        manager.post(&roles, &body).await.failed(422, code);
        manager.put(&roles, &body).await.failed(422, code);
    }
    let stranger = format!("{users}/nobody/roles");
    for answer in [
        manager.get(&stranger).await,
        manager.post(&stranger, &json!({})).await,
        manager.put(&stranger, &json!({})).await,
        manager.delete(&format!("{stranger}/{robot}")).await,
    ] {
        answer.failed(422, "organization.require_membership");
    }
    manager.post(&roles, &json!({})).await.with(201);
}

async fn applications_act_in_organizations(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let (robot, admin) = (
        role(&manager, "robot", "MachineToMachine").await,
        role(&manager, "admin", "User").await,
    );
    let path = format!("/organizations/{acme}/applications");
    let body = json!({ "applicationIds": ["worker"] });
    manager.post(&path, &body).await.with(201);
    let refused = manager
        .post(&path, &json!({ "applicationIds": ["chat"] }))
        .await;
    refused.failed(422, "entity.db_constraint_violated");
    let refused = manager
        .put(&path, &json!({ "applicationIds": ["none"] }))
        .await;
    refused.failed(422, "entity.relation_foreign_key_not_found");
    let roles = format!("{path}/worker/roles");
    manager
        .post(&roles, &json!({ "organizationRoleIds": [robot] }))
        .await
        .with(201);
    let refused = manager
        .post(&roles, &json!({ "organizationRoleIds": [admin] }))
        .await;
    refused.failed(422, "entity.db_constraint_violated");
    let refused = manager
        .put(&roles, &json!({ "organizationRoleIds": [] }))
        .await;
    refused.failed(400, "guard.invalid_input");
    manager
        .put(&roles, &json!({ "organizationRoleIds": [robot] }))
        .await
        .with(204);
    assert_eq!(
        every(&manager.get(&roles).await.with(200), "id"),
        std::slice::from_ref(&robot)
    );
    let listed = manager.get(&format!("{path}?q=worker")).await.with(200);
    assert_eq!(listed[0]["id"], "worker");
    assert_eq!(
        listed[0]["organizationRoles"],
        json!([{ "id": robot, "name": "robot" }])
    );
    let of_worker = manager
        .get("/applications/worker/organizations")
        .await
        .with(200);
    assert_eq!(every(&of_worker, "id"), std::slice::from_ref(&acme));
    manager.delete(&format!("{roles}/{robot}")).await.with(204);
    let both = json!({ "applicationIds": ["worker"], "organizationRoleIds": [robot] });
    manager
        .post(&format!("{path}/roles"), &both)
        .await
        .with(201);
    assert_eq!(every(&manager.get(&roles).await.with(200), "id"), [robot]);
    manager.delete(&format!("{path}/worker")).await.with(204);
    manager
        .get(&roles)
        .await
        .failed(422, "organization.require_membership");
}

async fn members_are_told_to_webhooks(db: TestDb) {
    let receiver = Receiver::start().await;
    let manager = Manager::start_with(db, &[("HUFU_OUTBOUND_ALLOW", "127.0.0.1")]).await;
    let hook = json!({ "name": "members", "events": ["Organization.Membership.Updated", "OrganizationRole.Scopes.Updated"],
        "config": { "url": receiver.url } });
    manager.post("/hooks", &hook).await.with(201);
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let users = format!("/organizations/{acme}/users");
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    manager
        .post(&users, &json!({ "userIds": [ANN] }))
        .await
        .with(201);
    manager
        .put(&users, &json!({ "userIds": [bob] }))
        .await
        .with(204);
    let (editor, read) = (
        role(&manager, "editor", "User").await,
        scope(&manager, "read").await,
    );
    let scopes = format!("/organization-roles/{editor}/scopes");
    manager
        .post(&scopes, &json!({ "organizationScopeIds": [read] }))
        .await
        .with(201);
    while job::hook::once(&manager.server.app).await.unwrap() > 0 {}
    let calls: Vec<Value> = receiver.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(calls.len(), 3, "what changes nothing is not told");
    // Only what concerns one organization comes in order.
    let (of_acme, of_roles): (Vec<_>, Vec<_>) = calls
        .iter()
        .partition(|call| call["event"] == "Organization.Membership.Updated");
    assert_eq!(of_acme[0]["organizationId"], *acme);
    assert_eq!(of_acme[0]["addedUserIds"], json!([ANN]));
    assert!(of_acme[0].get("removedUserIds").is_none());
    assert_eq!(of_acme[0]["matchedRoute"], "/organizations/:id/users");
    assert_eq!(of_acme[1]["addedUserIds"], json!([bob]));
    assert_eq!(of_acme[1]["removedUserIds"], json!([ANN]));
    assert_eq!(of_roles[0]["event"], "OrganizationRole.Scopes.Updated");
}
