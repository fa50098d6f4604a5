//! Who may use an application, what it may ask for and what it shows (`contract/logto-api.md` §2.1).

use serde_json::{Value, json};
use store::{on_both, seed::MANAGEMENT_API, testing::TestDb};

use crate::manager::Manager;

on_both!(
    access_control_names_who_may_use_an_application,
    access_control_needs_a_rule_and_things_that_exist,
    an_application_has_a_sign_in_experience_of_its_own,
    a_third_party_application_may_ask_for_scopes_that_are_listed,
    t39_what_may_be_asked_for_is_limited,
    a_person_lets_a_third_party_application_into_organizations,
);

async fn made(manager: &Manager, path: &str, body: Value) -> String {
    let answer = manager.post(path, &body).await;
    assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn third_party(manager: &Manager) -> String {
    let body = json!({ "name": "Foreign", "type": "SPA", "isThirdParty": true });
    made(manager, "/applications", body).await
}

async fn access_control_names_who_may_use_an_application(db: TestDb) {
    let manager = Manager::start(db).await;
    let app = made(
        &manager,
        "/applications",
        json!({ "name": "Shop", "type": "SPA" }),
    )
    .await;
    let user = made(&manager, "/users", json!({ "username": "bo" })).await;
    let role = json!({ "name": "buyer", "description": "Buys" });
    let role = made(&manager, "/roles", role).await;
    let organization = made(&manager, "/organizations", json!({ "name": "One" })).await;
    let body = json!({ "name": "cook" });
    let organization_role = made(&manager, "/organization-roles", body).await;
    let path = format!("/applications/{app}/access-control");
    let none = json!({ "userIds": [], "userRoleIds": [], "organizationIds": [], "organizationRoleRules": [] });
    assert_eq!(manager.get(&path).await.with(200), none);

    let in_organization =
        json!({ "organizationId": organization, "organizationRoleIds": [organization_role] });
    let rules = json!({
        "userIds": [user, user], "userRoleIds": [role], "organizationIds": [organization],
        "organizationRoleRules": [in_organization, in_organization],
    });
    let once = json!({
        "userIds": [user], "userRoleIds": [role], "organizationIds": [organization],
        "organizationRoleRules": [in_organization],
    });
    assert_eq!(manager.put(&path, &rules).await.with(200), once);
    assert_eq!(manager.get(&path).await.with(200), once);

    let on = json!({ "appLevelAccessControlEnabled": true });
    let changed = manager
        .patch(&format!("/applications/{app}"), &on)
        .await
        .with(200);
    assert_eq!(changed["appLevelAccessControlEnabled"], true);
    let found = manager.get(&format!("/applications/{app}")).await.with(200);
    assert_eq!(found["appLevelAccessControlEnabled"], true);
    manager
        .put(&path, &none)
        .await
        .failed(422, "request.invalid_input");

    manager.delete(&format!("/users/{user}")).await.with(204);
    manager
        .delete(&format!("/organizations/{organization}"))
        .await
        .with(204);
    let rest = json!({ "userIds": [], "userRoleIds": [role], "organizationIds": [], "organizationRoleRules": [] });
    assert_eq!(
        manager.get(&path).await.with(200),
        rest,
        "what is deleted is in no rule"
    );
}

async fn access_control_needs_a_rule_and_things_that_exist(db: TestDb) {
    let manager = Manager::start(db).await;
    let app = made(
        &manager,
        "/applications",
        json!({ "name": "Shop", "type": "SPA" }),
    )
    .await;
    let on = json!({ "appLevelAccessControlEnabled": true });
    let refused = manager.patch(&format!("/applications/{app}"), &on).await;
    refused.failed(422, "request.invalid_input");
    let rules = |changes: Value| {
        let mut rules = json!({ "userIds": [], "userRoleIds": [], "organizationIds": [], "organizationRoleRules": [] });
        let members = changes.as_object().unwrap().clone();
        rules.as_object_mut().unwrap().extend(members);
        rules
    };
    let path = format!("/applications/{app}/access-control");
    let long: Vec<_> = (0..1001).map(|number| format!("u{number}")).collect();
    for (body, status, code) in [
        (json!({}), 400, "guard.invalid_input"),
        (rules(json!({ "userIds": "u" })), 400, "guard.invalid_input"),
        (
            rules(json!({ "userIds": ["a\0"] })),
            400,
            "guard.invalid_input",
        ),
        (
            rules(json!({ "userIds": long })),
            422,
            "request.invalid_input",
        ),
        (
            rules(
                json!({ "organizationRoleRules": [{ "organizationId": "o", "organizationRoleIds": [] }] }),
            ),
            422,
            "request.invalid_input",
        ),
        (
            rules(json!({ "userIds": ["nobody"] })),
            404,
            "entity.relation_foreign_key_not_found",
        ),
        (
            rules(json!({ "userRoleIds": ["none"] })),
            404,
            "entity.relation_foreign_key_not_found",
        ),
        (
            rules(json!({ "organizationIds": ["none"] })),
            404,
            "entity.relation_foreign_key_not_found",
        ),
    ] {
        manager.put(&path, &body).await.failed(status, code);
    }
    let nowhere = "/applications/nothing/access-control";
    manager
        .get(nowhere)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .put(nowhere, &rules(json!({})))
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn an_application_has_a_sign_in_experience_of_its_own(db: TestDb) {
    let manager = Manager::start(db).await;
    let app = third_party(&manager).await;
    let path = format!("/applications/{app}/sign-in-experience");
    manager
        .get(&path)
        .await
        .failed(404, "entity.not_exists_with_id");
    let first = json!({
        "displayName": "Foreign Tool", "branding": { "logoUrl": "https://tool.test/logo.png" },
        "termsOfUseUrl": "https://tool.test/terms",
    });
    let answer = manager.put(&path, &first).await.with(201);
    assert_eq!(
        answer,
        json!({
            "tenantId": "default", "applicationId": app, "color": {},
            "branding": { "logoUrl": "https://tool.test/logo.png" }, "customCss": null,
            "displayName": "Foreign Tool", "termsOfUseUrl": "https://tool.test/terms", "privacyPolicyUrl": null,
        })
    );
    let second = json!({ "color": { "primaryColor": "#0a0" }, "termsOfUseUrl": null, "privacyPolicyUrl": "" });
    let answer = manager.put(&path, &second).await.with(200);
    let told =
        ["displayName", "termsOfUseUrl", "privacyPolicyUrl"].map(|name| answer[name].clone());
    assert_eq!(
        told,
        [json!("Foreign Tool"), Value::Null, json!("")],
        "left out stays"
    );
    assert_eq!(manager.get(&path).await.with(200), answer);
    let tenant = manager.server.app.tenant("default").unwrap();
    let held = tenant.application(&app).unwrap();
    assert_eq!(held.display_name, "Foreign Tool", "pages see it at once");
    for wrong in [
        json!({ "displayName": "x".repeat(257) }),
        json!({ "termsOfUseUrl": "javascript:alert(1)" }),
        json!({ "branding": { "logoUrl": 1 } }),
        json!({ "color": { "primaryColor": "green" } }),
    ] {
        manager
            .put(&path, &wrong)
            .await
            .failed(400, "guard.invalid_input");
    }
    let nowhere = "/applications/nothing/sign-in-experience";
    manager
        .put(nowhere, &first)
        .await
        .failed(404, "entity.not_exists_with_id");
}

/// A scope of organizations and one of an API.
pub(crate) struct Scopes {
    pub(crate) organization: String,
    pub(crate) resource: String,
    pub(crate) resource_id: String,
}

pub(crate) async fn scopes(manager: &Manager) -> Scopes {
    let resource = json!({ "name": "Orders", "indicator": "https://orders.test" });
    let resource_id = made(manager, "/resources", resource).await;
    Scopes {
        organization: made(manager, "/organization-scopes", json!({ "name": "invite" })).await,
        resource: made(
            manager,
            &format!("/resources/{resource_id}/scopes"),
            json!({ "name": "orders:read", "description": "Reads orders" }),
        )
        .await,
        resource_id,
    }
}

async fn a_third_party_application_may_ask_for_scopes_that_are_listed(db: TestDb) {
    let manager = Manager::start(db).await;
    let (app, scopes) = (third_party(&manager).await, scopes(&manager).await);
    let path = format!("/applications/{app}/user-consent-scopes");
    let none = json!({ "organizationScopes": [], "resourceScopes": [], "organizationResourceScopes": [], "userScopes": [] });
    assert_eq!(manager.get(&path).await.with(200), none);
    let body = json!({
        "organizationScopes": [scopes.organization], "resourceScopes": [scopes.resource],
        "organizationResourceScopes": [scopes.resource], "userScopes": ["profile", "email"],
    });
    for _ in 0..2 {
        manager.post(&path, &body).await.with(201);
    }
    manager.post(&path, &none).await.with(201);
    let of_api = json!([{
        "resource": { "id": scopes.resource_id, "name": "Orders", "indicator": "https://orders.test" },
        "scopes": [{ "id": scopes.resource, "name": "orders:read", "description": "Reads orders" }],
    }]);
    let all = json!({
        "organizationScopes": [{ "id": scopes.organization, "name": "invite", "description": null }],
        "resourceScopes": of_api, "organizationResourceScopes": of_api, "userScopes": ["email", "profile"],
    });
    assert_eq!(manager.get(&path).await.with(200), all);
    for rest in [
        format!("organization-scopes/{}", scopes.organization),
        format!("resource-scopes/{}", scopes.resource),
        format!("organization-resource-scopes/{}", scopes.resource),
        "user-scopes/profile".to_owned(),
        "user-scopes/email".to_owned(),
    ] {
        let one = format!("{path}/{rest}");
        manager.delete(&one).await.with(204);
        manager.delete(&one).await.failed(404, "entity.not_found");
    }
    assert_eq!(manager.get(&path).await.with(200), none);
    let odd = manager.delete(&format!("{path}/odd-scopes/x")).await;
    assert_eq!(odd.status, 400, "{}", odd.body);
}

async fn t39_what_may_be_asked_for_is_limited(db: TestDb) {
    let manager = Manager::start(db).await;
    let app = third_party(&manager).await;
    let path = format!("/applications/{app}/user-consent-scopes");
    let resources = manager.get("/resources").await.with(200);
    let management = resources.as_array().unwrap().iter();
    let management = management
        .clone()
        .find(|found| found["indicator"] == MANAGEMENT_API)
        .unwrap();
    let scopes = format!("/resources/{}/scopes", management["id"].as_str().unwrap());
    let all = manager.get(&scopes).await.with(200)[0]["id"].clone();
    for name in ["resourceScopes", "organizationResourceScopes"] {
        let refused = manager.post(&path, &json!({ name: [all] })).await;
        refused.failed(422, "application.consent_management_api_scopes_not_allowed");
    }
    let unknown =
        json!({ "organizationScopes": ["no"], "resourceScopes": ["nor"], "userScopes": ["email"] });
    let refused = manager.post(&path, &unknown).await;
    let refused = refused.failed(422, "application.user_consent_scopes_not_found");
    assert_eq!(
        refused["data"],
        json!({ "invalidOrganizationScopes": ["no"], "invalidResourceScopes": ["nor"], "invalidOrganizationResourceScopes": [] })
    );
    let held = manager.get(&path).await.with(200);
    assert_eq!(held["userScopes"], json!([]), "all or nothing");
    for scope in ["urn:logto:scope:sessions", "openid", "shoe_size"] {
        let refused = manager.post(&path, &json!({ "userScopes": [scope] })).await;
        refused.failed(400, "guard.invalid_input");
    }
    let own = made(
        &manager,
        "/applications",
        json!({ "name": "Own", "type": "SPA" }),
    )
    .await;
    let refused = manager
        .post(
            &format!("/applications/{own}/user-consent-scopes"),
            &json!({}),
        )
        .await;
    refused.failed(422, "application.third_party_application_only");
    let nowhere = "/applications/nothing/user-consent-scopes";
    manager
        .get(nowhere)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .post(nowhere, &json!({}))
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn a_person_lets_a_third_party_application_into_organizations(db: TestDb) {
    let manager = Manager::start(db).await;
    let app = third_party(&manager).await;
    let user = made(&manager, "/users", json!({ "username": "bo" })).await;
    let mut organizations = Vec::new();
    for name in ["One", "Two", "Three"] {
        let id = made(&manager, "/organizations", json!({ "name": name })).await;
        if name != "Three" {
            let members = json!({ "userIds": [user] });
            manager
                .post(&format!("/organizations/{id}/users"), &members)
                .await
                .with(201);
        }
        organizations.push(id);
    }
    let [one, two, three] = &organizations[..] else {
        panic!()
    };
    let path = format!("/applications/{app}/users/{user}/consent-organizations");
    let ids = async || {
        let body = manager.get(&path).await.with(200);
        let rows = body["organizations"].as_array().unwrap().clone();
        let mut ids: Vec<_> = rows
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    manager
        .post(&path, &json!({ "organizationIds": [one] }))
        .await
        .with(201);
    assert_eq!(ids().await, std::slice::from_ref(one));
    let listed = manager.get(&path).await;
    assert_eq!(listed.header("total-number"), "1");
    let both = json!({ "organizationIds": [one, two] });
    manager.put(&path, &both).await.with(204);
    let mut expected = [one.clone(), two.clone()];
    expected.sort();
    assert_eq!(ids().await, expected);
    manager.delete(&format!("{path}/{one}")).await.with(204);
    manager
        .delete(&format!("{path}/{one}"))
        .await
        .failed(404, "entity.not_found");
    let outside = json!({ "organizationIds": [two, three] });
    manager
        .post(&path, &outside)
        .await
        .failed(422, "organization.require_membership");
    manager
        .put(&path, &outside)
        .await
        .failed(422, "organization.require_membership");
    assert_eq!(ids().await, std::slice::from_ref(two));
    manager
        .delete(&format!("/organizations/{two}/users/{user}"))
        .await
        .with(204);
    assert_eq!(ids().await, Vec::<String>::new(), "leaving takes it back");
    manager
        .put(&path, &json!({ "organizationIds": [] }))
        .await
        .with(204);
    manager
        .post(&path, &json!({ "organizationIds": [] }))
        .await
        .failed(400, "guard.invalid_input");
    let nobody = format!("/applications/{app}/users/nobody/consent-organizations");
    manager.get(&nobody).await.failed(404, "entity.not_found");
    let own = made(
        &manager,
        "/applications",
        json!({ "name": "Own", "type": "SPA" }),
    )
    .await;
    let own = format!("/applications/{own}/users/{user}/consent-organizations");
    manager
        .get(&own)
        .await
        .failed(422, "application.third_party_application_only");
}
