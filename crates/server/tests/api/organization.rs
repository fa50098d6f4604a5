//! `/organizations`, `/organization-roles`, `/organization-scopes`, `/organization-invitations` (`contract/logto-api.md` §3.3–§3.5).

use serde_json::{Value, json};
use server::job;
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    receiver::Receiver,
    support::{ANN, API, START},
};

on_both!(
    an_organization_is_made_changed_and_deleted,
    organizations_are_listed_searched_and_featured,
    bad_input_is_refused,
    people_join_have_roles_and_leave,
    those_who_stay_keep_their_roles,
    unknown_members_and_roles_are_refused_as_a_whole,
    applications_act_in_organizations,
    roles_allow_scopes,
    a_role_in_use_keeps_its_kind,
    people_join_by_domain_and_role,
    an_invitation_is_accepted_once,
    an_invitation_ends,
    what_cannot_be_an_invitation_is_refused,
    members_are_told_to_webhooks,
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

fn invitation(organization_id: &str, invitee: &str) -> Value {
    json!({ "invitee": invitee, "organizationId": organization_id, "expiresAt": (START + 600) * 1000 })
}

const INVITATIONS: &str = "/organization-invitations";

async fn an_invitation_is_accepted_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let (acme, bob) = (
        organization(&manager, "Acme").await,
        user(&manager, "bob").await,
    );
    let admin = role(&manager, "admin", "User").await;
    let mut body = invitation(&acme, "Bob@Example.com");
    body["organizationRoleIds"] = json!([admin]);
    body["inviterId"] = ANN.into();
    let made = manager.post(INVITATIONS, &body).await.with(201);
    assert_eq!(
        made,
        json!({ "tenantId": "default", "id": made["id"], "inviterId": ANN, "invitee": "Bob@Example.com",
            "acceptedUserId": null, "organizationId": acme, "status": "Pending", "createdAt": START * 1000,
            "updatedAt": START * 1000, "expiresAt": (START + 600) * 1000,
            "organizationRoles": [{ "id": admin, "name": "admin" }] })
    );
    let again = manager.post(INVITATIONS, &body).await;
    again.failed(422, "entity.unique_integrity_violation");
    let path = format!("{INVITATIONS}/{}", made["id"].as_str().unwrap());
    let status = format!("{path}/status");
    for (body, http, code) in [
        (
            json!({ "status": "Accepted" }),
            422,
            "request.invalid_input",
        ),
        (
            json!({ "status": "Accepted", "acceptedUserId": ANN }),
            422,
            "request.invalid_input",
        ),
        (
            json!({ "status": "Accepted", "acceptedUserId": "no" }),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (json!({ "status": "Pending" }), 400, "guard.invalid_input"),
    ] {
        manager.put(&status, &body).await.failed(http, code);
    }
    assert_eq!(manager.get(&path).await.with(200), made, "nothing happened");
    let accept = json!({ "status": "Accepted", "acceptedUserId": bob });
    let accepted = manager.put(&status, &accept).await.with(200);
    assert_eq!(accepted["status"], "Accepted");
    assert_eq!(accepted["acceptedUserId"], *bob);
    let roles = manager
        .get(&format!("/organizations/{acme}/users/{bob}/roles"))
        .await;
    assert_eq!(every(&roles.with(200), "id"), [admin]);
    manager
        .put(&status, &accept)
        .await
        .failed(422, "request.invalid_input");
    let member = manager
        .post(INVITATIONS, &invitation(&acme, "bob@example.com"))
        .await;
    member.failed(422, "request.invalid_input");
}

async fn an_invitation_ends(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let first = made(&manager, INVITATIONS, invitation(&acme, "c@example.com")).await;
    let status = format!("{INVITATIONS}/{first}/status");
    let revoke = json!({ "status": "Revoked" });
    assert_eq!(
        manager.put(&status, &revoke).await.with(200)["status"],
        "Revoked"
    );
    manager
        .put(&status, &revoke)
        .await
        .failed(422, "request.invalid_input");
    let second = made(&manager, INVITATIONS, invitation(&acme, "c@example.com")).await;
    manager.server.advance(600);
    let expired = manager
        .get(&format!("{INVITATIONS}/{second}"))
        .await
        .with(200);
    assert_eq!(expired["status"], "Expired");
    let late = manager
        .put(&format!("{INVITATIONS}/{second}/status"), &revoke)
        .await;
    late.failed(422, "request.invalid_input");
    let mut body = invitation(&acme, "c@example.com");
    body["expiresAt"] = json!((START + 1200) * 1000);
    let third = made(&manager, INVITATIONS, body).await;
    let listed = manager
        .get(&format!(
            "{INVITATIONS}?organizationId={acme}&invitee=C@EXAMPLE.com"
        ))
        .await;
    let listed = listed.with(200);
    assert_eq!(
        listed.as_array().unwrap().len(),
        3,
        "an expired one is not in the way"
    );
    assert_eq!(listed[0]["id"], *third);
    let of_ann = manager.get(&format!("{INVITATIONS}?inviterId={ANN}")).await;
    assert_eq!(of_ann.with(200), json!([]));
    manager
        .delete(&format!("{INVITATIONS}/{third}"))
        .await
        .with(204);
    let gone = manager.get(&format!("{INVITATIONS}/{third}")).await;
    gone.failed(404, "entity.not_found");
    let gone = manager.delete(&format!("{INVITATIONS}/{third}")).await;
    gone.failed(404, "entity.not_found");
}

async fn what_cannot_be_an_invitation_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let acme = organization(&manager, "Acme").await;
    let with = |name: &str, value: Value| {
        let mut body = invitation(&acme, "c@example.com");
        body[name] = value;
        body
    };
    for (body, status, code) in [
        (json!({}), 400, "guard.invalid_input"),
        (with("invitee", json!("nobody")), 400, "guard.invalid_input"),
        (
            with("expiresAt", json!(START * 1000)),
            400,
            "request.invalid_input",
        ),
        (with("expiresAt", json!("soon")), 400, "guard.invalid_input"),
        (
            with("organizationId", json!("none")),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (
            with("organizationRoleIds", json!(["none"])),
            422,
            "entity.relation_foreign_key_not_found",
        ),
        (
            with("inviterId", json!("none")),
            422,
            "entity.relation_foreign_key_not_found",
        ),
    ] {
        manager.post(INVITATIONS, &body).await.failed(status, code);
    }
    assert_eq!(
        manager.get(INVITATIONS).await.with(200),
        json!([]),
        "nothing half made"
    );
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
