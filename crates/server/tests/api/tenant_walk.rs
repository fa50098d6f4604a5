//! What belongs to one tenant is out of the reach of another's administrators, on every route of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use store::{application, on_both, role, seed::ADMIN_TENANT, testing::TestDb};

use crate::{
    manager::Manager,
    support::{Answer, SECRET, TestServer, basic},
};

on_both!(ids_of_another_tenant_are_neither_read_nor_written_on_any_route);

const HOST: &str = "admin.test";
/// What the owner calls everything: it must not come back from the other tenant.
const MARK: &str = "belongs to the default tenant";

/// An administrator of the other tenant.
struct Intruder {
    server: TestServer,
    token: String,
}

impl Intruder {
    async fn of(server: &TestServer) -> Self {
        let mut tx = server.app.db().begin().await.unwrap();
        let worker = application::find(&mut tx, "default", "worker").await;
        let worker = worker.unwrap().unwrap();
        application::insert(&mut tx, ADMIN_TENANT, &worker)
            .await
            .unwrap();
        let found = role::find_by_name(&mut tx, ADMIN_TENANT, "machine:mapi:admin").await;
        let role = found.unwrap().unwrap();
        role::give_application(&mut tx, ADMIN_TENANT, "worker", &role.id)
            .await
            .unwrap();
        let value = protocol::secret::Secret::new(SECRET);
        let secret = application::secret::ApplicationSecret {
            name: "Default secret".to_owned(),
            hash: value.hash(),
            expires_at: None,
            created_at: server.now(),
        };
        let vault = server.app.vault();
        application::secret::insert(&mut tx, vault, ADMIN_TENANT, "worker", &secret, &value)
            .await
            .unwrap();
        server.app.commit(tx).await.unwrap();
        let authorization = basic("worker", SECRET);
        let headers = [
            ("host", HOST),
            ("authorization", authorization.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let form =
            "grant_type=client_credentials&scope=all&resource=https%3A%2F%2Fadmin.logto.app%2Fapi";
        let answer = server
            .send("POST", "/oidc/token", &headers, form.to_owned())
            .await;
        Self {
            server: server.clone(),
            token: answer.ok()["access_token"].as_str().unwrap().to_owned(),
        }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        let headers = [
            ("host", HOST),
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        self.server
            .send(method, path, &headers, body.to_string())
            .await
    }
}

/// One of everything in the default tenant: what stands before an id in a path, and the id.
async fn furnish(manager: &Manager) -> BTreeMap<&'static str, String> {
    let mut ids = BTreeMap::new();
    let made = async |path: &str, body: Value| {
        let answer = manager.post(path, &body).await;
        assert!(
            matches!(answer.status, 200 | 201),
            "{path}: {}",
            answer.body
        );
        answer.body["id"].as_str().unwrap_or_default().to_owned()
    };
    let user = made(
        "/users",
        json!({ "username": "owned", "name": MARK, "primaryEmail": "owned@example.com" }),
    )
    .await;
    let application = made(
        "/applications",
        json!({ "name": MARK, "type": "SPA", "isThirdParty": true }),
    )
    .await;
    let machine = made(
        "/applications",
        json!({ "name": MARK, "type": "MachineToMachine" }),
    )
    .await;
    let saml = made("/saml-applications", json!({ "name": MARK })).await;
    let resource = made(
        "/resources",
        json!({ "name": MARK, "indicator": "https://owned.test" }),
    )
    .await;
    let scope = made(
        &format!("/resources/{resource}/scopes"),
        json!({ "name": "owned:read", "description": MARK }),
    )
    .await;
    let role = made(
        "/roles",
        json!({ "name": "owned", "description": MARK, "scopeIds": [scope] }),
    )
    .await;
    let organization = made(
        "/organizations",
        json!({ "name": "owned", "description": MARK }),
    )
    .await;
    let organization_role = made(
        "/organization-roles",
        json!({ "name": "owned", "description": MARK }),
    )
    .await;
    let organization_scope = made(
        "/organization-scopes",
        json!({ "name": "owned", "description": MARK }),
    )
    .await;
    let end = (manager.server.now().0 + 86_400) * 1000;
    let invitation = json!({ "organizationId": organization, "invitee": "owned@example.com", "expiresAt": end, "messagePayload": false });
    let invitation = made("/organization-invitations", invitation).await;
    let hook = json!({ "name": MARK, "events": ["User.Created"], "config": { "url": "https://owned.test/hook" } });
    let hook = made("/hooks", hook).await;
    made(
        &format!("/users/{user}/roles"),
        json!({ "roleIds": [role] }),
    )
    .await;
    made(
        &format!("/users/{user}/mfa-verifications"),
        json!({ "type": "Totp" }),
    )
    .await;
    made(
        &format!("/users/{user}/personal-access-tokens"),
        json!({ "name": "owned" }),
    )
    .await;
    made(
        &format!("/organizations/{organization}/users"),
        json!({ "userIds": [user] }),
    )
    .await;
    made(
        &format!("/organizations/{organization}/applications"),
        json!({ "applicationIds": [machine] }),
    )
    .await;
    made(
        &format!("/organizations/{organization}/jit/email-domains"),
        json!({ "emailDomain": "owned.test" }),
    )
    .await;
    made(
        &format!("/organization-roles/{organization_role}/scopes"),
        json!({ "organizationScopeIds": [organization_scope] }),
    )
    .await;
    made(
        &format!("/applications/{application}/user-consent-scopes"),
        json!({ "resourceScopes": [scope] }),
    )
    .await;
    made(
        "/cimd/user-consent-scopes",
        json!({ "resourceScopes": [scope] }),
    )
    .await;
    let factors = manager
        .get(&format!("/users/{user}/mfa-verifications"))
        .await
        .with(200);
    let logs = manager.get("/logs").await.with(200);
    ids.insert("logs", logs[0]["id"].as_str().unwrap_or("none").to_owned());
    ids.insert(
        "mfa-verifications",
        factors[0]["id"].as_str().unwrap().to_owned(),
    );
    for (place, id) in [
        ("users", user),
        ("applications", application),
        ("saml-applications", saml.clone()),
        ("saml", saml),
        ("resources", resource),
        ("scopes", scope.clone()),
        ("resource-scopes", scope),
        ("roles", role),
        ("organizations", organization.clone()),
        ("consent-organizations", organization),
        ("organization-roles", organization_role),
        ("organization-scopes", organization_scope),
        ("organization-invitations", invitation),
        ("hooks", hook),
        ("email-domains", "owned.test".to_owned()),
        ("personal-access-tokens", "owned".to_owned()),
        ("secrets", "Default%20secret".to_owned()),
    ] {
        ids.insert(place, id);
    }
    ids
}

/// The path with the owner's ids in it; `None` where it names nothing that belongs to anybody.
fn filled(path: &str, ids: &BTreeMap<&str, String>) -> Option<String> {
    let mut filled = Vec::new();
    let mut names_something = false;
    let mut before = "";
    for segment in path.split('/') {
        if segment.starts_with('{') {
            let known = ids.get(before);
            names_something |= known.is_some();
            filled.push(known.map_or("user-scopes", String::as_str));
        } else {
            filled.push(segment);
        }
        before = segment;
    }
    names_something.then(|| filled.join("/"))
}

/// A value that the document allows, with the owner's ids wherever ids are asked for.
fn sample(schema: &Value, name: &str, document: &Value, ids: &BTreeMap<&str, String>) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return sample(target, name, document, ids);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[choice].as_array() {
            let option = options
                .iter()
                .find(|option| option["type"] != "null")
                .unwrap();
            return sample(option, name, document, ids);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| **kind != "null").unwrap(),
        kind => kind,
    };
    match kind.as_str() {
        Some("string") => json!(id_of(name, ids).unwrap_or("x")),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        Some("array") => json!([sample(&schema["items"], name, document, ids)]),
        _ => {
            let members = schema["properties"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            let members = members
                .iter()
                .map(|(name, schema)| (name.clone(), sample(schema, name, document, ids)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// Whether an answer lists nothing.
fn is_empty(body: &Value) -> bool {
    match body {
        Value::Array(rows) => rows.is_empty(),
        Value::Object(members) => !members.is_empty() && members.values().all(is_empty),
        _ => false,
    }
}

/// Whose id a member of this name is.
fn id_of<'a>(name: &str, ids: &'a BTreeMap<&str, String>) -> Option<&'a str> {
    let place = match name {
        "userIds" | "userId" | "inviterId" | "acceptedUserId" => "users",
        "applicationIds" | "applicationId" => "applications",
        "roleIds" | "userRoleIds" => "roles",
        "scopeIds" | "resourceScopeIds" | "resourceScopes" | "organizationResourceScopes" => {
            "scopes"
        }
        "organizationIds" | "organizationId" => "organizations",
        "organizationRoleIds" => "organization-roles",
        "organizationScopeIds" | "organizationScopes" => "organization-scopes",
        _ => return None,
    };
    ids.get(place).map(String::as_str)
}

/// Everything that the owner can read of what is theirs.
async fn owned(
    manager: &Manager,
    document: &Value,
    ids: &BTreeMap<&str, String>,
) -> BTreeMap<String, Value> {
    let mut seen = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(filled) = filled(path, ids).filter(|_| item.get("get").is_some()) else {
            continue;
        };
        let answer = manager.get(filled.trim_start_matches("/api")).await;
        seen.insert(filled, answer.body);
    }
    seen
}

async fn ids_of_another_tenant_are_neither_read_nor_written_on_any_route(db: TestDb) {
    let manager = Manager::start_with(db, &[("ADMIN_ENDPOINT", "http://admin.test")]).await;
    let ids = furnish(&manager).await;
    let intruder = Intruder::of(&manager.server).await;
    intruder
        .send("GET", "/api/roles", &Value::Null)
        .await
        .with(200);
    let document = server::api::describe();
    let document = serde_json::to_value(document).unwrap();
    let before = owned(&manager, &document, &ids).await;
    let readable = before
        .values()
        .filter(|body| body.get("code").is_none())
        .count();
    assert!(
        readable > 35,
        "the owner reads {readable} of {}",
        before.len()
    );

    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = sample(schema, "", &document, &ids);
            let names_owned = ids.iter().any(|(place, id)| {
                id.len() > 8 && *place != "secrets" && body.to_string().contains(id.as_str())
            });
            let target = filled(path, &ids);
            let is_owned = target.is_some() || names_owned;
            let method = method.to_uppercase();
            let target = target.unwrap_or_else(|| path.clone());
            if !is_owned && method != "GET" {
                continue;
            }
            tried += 1;
            let answer = intruder.send(&method, &target, &body).await;
            let told = answer.body.to_string();
            assert!(!told.contains(MARK), "{method} {target} tells {told}");
            assert!(
                answer.status < 500 || answer.status == 501,
                "{method} {target}: {told}"
            );
            if is_owned {
                let hidden = (400..500).contains(&answer.status) || is_empty(&answer.body);
                assert!(
                    hidden,
                    "{method} {target} with {body}: {} {told}",
                    answer.status
                );
                assert!(
                    !matches!(answer.status, 401 | 403),
                    "{method} {target}: {told}"
                );
            }
        }
    }
    assert!(tried > 150, "{tried}");
    let after = owned(&manager, &document, &ids).await;
    for (path, body) in before {
        assert_eq!(after[&path], body, "{path} was changed");
    }
}
