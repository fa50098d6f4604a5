//! `/applications` (`contract/logto-api.md` §2.1).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{manager::Manager, support::API};

on_both!(
    an_application_is_registered_changed_and_deleted,
    what_cannot_be_registered_is_refused,
    lists_are_filtered,
    secrets_are_made_renamed_and_removed_and_work_at_once,
    roles_are_for_applications_that_act_for_themselves,
    the_built_in_application_is_shown,
    a_role_is_given_to_applications,
    another_tenants_applications_do_not_exist_here,
);

async fn register(manager: &Manager, name: &str, kind: &str) -> Value {
    let body = json!({ "name": name, "type": kind });
    manager.post("/applications", &body).await.with(200)
}

fn path(application: &Value, rest: &str) -> String {
    format!(
        "/applications/{}{rest}",
        application["id"].as_str().unwrap()
    )
}

async fn an_application_is_registered_changed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = json!({
        "name": "Shop", "type": "Traditional", "description": "Sells.",
        "oidcClientMetadata": { "redirectUris": ["https://shop.test/callback"], "postLogoutRedirectUris": [] },
        "customClientMetadata": { "refreshTokenTtlInDays": 7, "corsAllowedOrigins": ["https://shop.test"] },
        "customData": { "a": 1 },
    });
    let made = manager.post("/applications", &body).await.with(200);
    assert_eq!(made["id"].as_str().unwrap().len(), 21);
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&made[name], value);
    }
    assert_eq!(
        (&made["isThirdParty"], &made["tenantId"]),
        (&json!(false), &json!("default"))
    );
    assert!(made.get("secret").is_none());
    let found = manager.get(&path(&made, "")).await.with(200);
    assert_eq!(found["isAdmin"], false);
    let change = json!({ "name": "Store", "description": null, "customClientMetadata": { "idTokenTtl": 60 }, "type": "SPA" });
    let changed = manager.patch(&path(&made, ""), &change).await.with(200);
    assert_eq!(
        changed["customClientMetadata"],
        json!({ "idTokenTtl": 60 }),
        "replaced"
    );
    assert_eq!(
        changed["oidcClientMetadata"], body["oidcClientMetadata"],
        "kept"
    );
    assert_eq!(
        (&changed["description"], &changed["type"]),
        (&Value::Null, &json!("Traditional"))
    );
    let tenant = manager.server.app.tenant("default").unwrap();
    let client = &tenant
        .application(made["id"].as_str().unwrap())
        .unwrap()
        .client;
    assert_eq!((client.name.as_str(), client.id_token_ttl), ("Store", 60));
    let data = manager
        .patch(&path(&made, "/custom-data"), &json!({ "b": 2 }))
        .await
        .with(200);
    assert_eq!(data, json!({ "a": 1, "b": 2 }), "merged");
    assert_eq!(
        manager.get(&path(&made, "/organizations")).await.with(200),
        json!([])
    );
    manager.delete(&path(&made, "")).await.with(204);
    manager
        .get(&path(&made, ""))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&path(&made, ""), &json!({}))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&path(&made, "/custom-data"), &json!({}))
        .await
        .failed(404, "entity.not_exists");
    manager
        .delete(&path(&made, ""))
        .await
        .failed(404, "entity.not_found");
}

async fn what_cannot_be_registered_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for (body, status, code) in [
        (
            json!({ "name": "a", "type": "SAML" }),
            400,
            "application.saml.use_saml_app_api",
        ),
        (
            json!({ "name": "a", "type": "MachineToMachine", "isThirdParty": true }),
            400,
            "application.invalid_third_party_application_type",
        ),
        (
            json!({ "name": "a", "type": "Protected" }),
            400,
            "application.protected_app_metadata_is_required",
        ),
        (
            json!({ "name": "a", "type": "Traditional", "isThirdParty": true, "customClientMetadata": { "allowTokenExchange": true } }),
            422,
            "application.third_party_application_cannot_enable_token_exchange",
        ),
        (
            json!({ "name": "a", "type": "SPA", "customClientMetadata": { "isDeviceFlow": true } }),
            422,
            "application.device_flow_native_only",
        ),
        (
            json!({ "name": "", "type": "SPA" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a".repeat(257), "type": "SPA" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "type": "Robot" }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "name": "a" }), 400, "guard.invalid_input"),
        (
            json!({ "name": "a", "type": "SPA", "oidcClientMetadata": { "redirectUris": ["javascript:alert(1)"], "postLogoutRedirectUris": [] } }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "type": "SPA", "customClientMetadata": { "refreshTokenTtlInDays": 181 } }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "type": "SPA", "customClientMetadata": { "maxAllowedGrants": 0 } }),
            400,
            "guard.invalid_input",
        ),
    ] {
        manager
            .post("/applications", &body)
            .await
            .failed(status, code);
    }
    let body =
        json!({ "name": "tv", "type": "Native", "customClientMetadata": { "isDeviceFlow": true } });
    let device = manager.post("/applications", &body).await.with(200);
    let change = json!({ "customClientMetadata": {} });
    manager
        .patch(&path(&device, ""), &change)
        .await
        .failed(422, "application.device_flow_not_changeable");
    manager
        .patch(&path(&device, ""), &json!({ "name": "TV" }))
        .await
        .with(200);
}

async fn lists_are_filtered(db: TestDb) {
    let manager = Manager::start(db).await;
    let names = async |query: &str| {
        let body = manager
            .get(&format!("/applications?{query}"))
            .await
            .with(200);
        let rows = body.as_array().unwrap().iter();
        let mut names: Vec<_> = rows
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names("").await,
        ["chat", "native", "partner", "spa", "worker"]
    );
    assert_eq!(names("types=SPA&types=Native").await, ["native", "spa"]);
    assert_eq!(names("isThirdParty=true").await, ["partner"]);
    assert_eq!(
        names("isThirdParty=false&types=Traditional").await,
        ["chat"]
    );
    assert_eq!(
        names("search.name=%25a%25").await,
        ["chat", "native", "partner", "spa"]
    );
    let page = manager.get("/applications?page=3&page_size=2").await;
    assert_eq!(page.header("total-number"), "5");
    assert_eq!(page.with(200).as_array().unwrap().len(), 1);
    manager
        .get("/applications?types=Robot")
        .await
        .failed(400, "guard.invalid_input");
    manager
        .get("/applications?excludeRoleId=a&excludeOrganizationId=b")
        .await
        .failed(400, "request.invalid_input");
}

async fn secrets_are_made_renamed_and_removed_and_work_at_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = register(&manager, "robot", "MachineToMachine").await;
    let secrets = path(&made, "/secrets");
    let first = manager.get(&secrets).await.with(200);
    assert_eq!(first[0]["name"], "Default secret");
    assert_eq!(first[0]["value"].as_str().unwrap().len(), 32);
    let later = manager.server.now().as_millis() + 60_000;
    let new = json!({ "name": "second", "expiresAt": later });
    let second = manager.post(&secrets, &new).await.with(201);
    assert_eq!(second["expiresAt"], later);
    manager
        .post(&secrets, &new)
        .await
        .failed(422, "application.secret_name_exists");
    let past = json!({ "name": "past", "expiresAt": 1 });
    manager
        .post(&secrets, &past)
        .await
        .failed(400, "request.invalid_input");
    let spa = register(&manager, "page", "SPA").await;
    manager
        .post(&path(&spa, "/secrets"), &json!({ "name": "x" }))
        .await
        .failed(422, "entity.db_constraint_violated");

    let token = async |secret: &Value| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", made["id"].as_str().unwrap()),
            ("client_secret", secret["value"].as_str().unwrap()),
            ("resource", API),
        ];
        manager.server.post("/token", &form, &[]).await.status
    };
    assert_eq!(token(&second).await, 200);
    manager.server.advance(61);
    assert_eq!(token(&second).await, 400, "expired");
    assert_eq!(token(&first[0]).await, 200);

    let one = format!("{secrets}/Default%20secret");
    let renamed = manager
        .patch(&one, &json!({ "name": "main" }))
        .await
        .with(200);
    assert_eq!(renamed["value"], first[0]["value"]);
    manager
        .patch(&one, &json!({ "name": "x" }))
        .await
        .failed(404, "entity.not_exists");
    manager.delete(&format!("{secrets}/main")).await.with(204);
    manager
        .delete(&format!("{secrets}/main"))
        .await
        .failed(404, "entity.not_found");
    assert_eq!(token(&first[0]).await, 401);
    manager
        .delete(&path(&made, "/legacy-secret"))
        .await
        .failed(400, "application.no_legacy_secret_found");
    manager
        .get("/applications/none/secrets")
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn roles_are_for_applications_that_act_for_themselves(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = register(&manager, "robot", "MachineToMachine").await;
    let role = async |name: &str, kind: &str| {
        let body = json!({ "name": name, "description": "x", "type": kind });
        let made = manager.post("/roles", &body).await.with(200);
        made["id"].as_str().unwrap().to_owned()
    };
    let (one, two) = (
        role("one", "MachineToMachine").await,
        role("two", "MachineToMachine").await,
    );
    let human = role("human", "User").await;
    let roles = path(&made, "/roles");
    let added = manager
        .post(&roles, &json!({ "roleIds": [one, one] }))
        .await
        .with(201);
    assert_eq!(
        added,
        json!({ "roleIds": [one, one], "addedRoleIds": [one] })
    );
    manager
        .post(&roles, &json!({ "roleIds": [human] }))
        .await
        .failed(422, "application.invalid_role_type");
    manager
        .post(&roles, &json!({ "roleIds": ["none"] }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&path(&made, ""), &json!({ "isAdmin": true }))
        .await
        .with(200);
    assert_eq!(
        manager
            .put(&roles, &json!({ "roleIds": [two] }))
            .await
            .with(200),
        json!("OK")
    );
    let listed = manager.get(&roles).await;
    assert_eq!(listed.header("total-number"), "1");
    assert_eq!(listed.with(200)[0]["name"], "two");
    assert_eq!(
        manager.get(&path(&made, "")).await.with(200)["isAdmin"],
        true,
        "kept"
    );
    manager
        .patch(&path(&made, ""), &json!({ "isAdmin": false }))
        .await
        .with(200);
    assert_eq!(
        manager.get(&path(&made, "")).await.with(200)["isAdmin"],
        false
    );
    manager.delete(&format!("{roles}/{two}")).await.with(204);
    manager
        .delete(&format!("{roles}/{two}"))
        .await
        .failed(404, "entity.not_found");
    let spa = register(&manager, "page", "SPA").await;
    manager
        .get(&path(&spa, "/roles"))
        .await
        .failed(422, "application.invalid_type");
    manager
        .post(&path(&spa, "/roles"), &json!({ "roleIds": [] }))
        .await
        .failed(422, "application.invalid_type");
}

async fn the_built_in_application_is_shown(db: TestDb) {
    let manager = Manager::start(db).await;
    let demo = manager.get("/applications/demo-app").await.with(200);
    assert_eq!(
        (&demo["type"], &demo["isAdmin"], &demo["createdAt"]),
        (&json!("SPA"), &json!(false), &json!(0))
    );
    let device = manager.get("/applications/device-demo-app").await;
    let device = device.with(200);
    assert_eq!(
        (&device["type"], &device["customClientMetadata"]),
        (&json!("Native"), &json!({ "isDeviceFlow": true }))
    );
    manager
        .delete("/applications/demo-app")
        .await
        .failed(404, "entity.not_found");
}

async fn a_role_is_given_to_applications(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = register(&manager, "robot", "MachineToMachine").await;
    let body = json!({ "name": "machine", "description": "x", "type": "MachineToMachine" });
    let role = manager.post("/roles", &body).await.with(200);
    let path = format!("/roles/{}/applications", role["id"].as_str().unwrap());
    let robot = json!({ "applicationIds": [made["id"]] });
    assert_eq!(
        manager.post(&path, &robot).await.with(201),
        json!("Created")
    );
    manager
        .post(&path, &robot)
        .await
        .failed(422, "role.application_exists");
    manager
        .post(&path, &json!({ "applicationIds": ["chat"] }))
        .await
        .failed(422, "entity.db_constraint_violated");
    manager
        .post(&path, &json!({ "applicationIds": ["none"] }))
        .await
        .failed(404, "entity.not_exists_with_id");
    assert_eq!(manager.get(&path).await.with(200)[0]["id"], made["id"]);
    manager
        .delete(&format!("{path}/{}", made["id"].as_str().unwrap()))
        .await
        .with(204);
    assert_eq!(manager.get(&path).await.with(200), json!([]));
}

async fn another_tenants_applications_do_not_exist_here(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/applications/m-default";
    manager
        .get(path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(path, &json!({ "name": "x" }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.delete(path).await.failed(404, "entity.not_found");
    manager
        .get(&format!("{path}/secrets"))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .post(&format!("{path}/secrets"), &json!({ "name": "x" }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .delete(&format!("{path}/secrets/Default%20secret"))
        .await
        .failed(404, "entity.not_found");
    manager
        .post(&format!("{path}/roles"), &json!({ "roleIds": [] }))
        .await
        .failed(404, "entity.not_exists_with_id");
}
