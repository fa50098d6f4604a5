//! `/configs/cimd` and `/cimd`: clients that nobody registered (`contract/logto-api.md` §5.4).

use serde_json::{Value, json};
use store::{on_both, seed::MANAGEMENT_API, testing::TestDb};

use crate::{application_access::scopes, manager::Manager, support::Answer};

on_both!(
    they_are_off_until_somebody_turns_them_on,
    t43_they_cannot_be_turned_on_where_every_private_address_may_be_called,
    they_may_ask_for_scopes_that_are_listed,
    t39_they_never_get_the_management_api,
);

const CONFIG: &str = "/configs/cimd";
const SCOPES: &str = "/cimd/user-consent-scopes";

fn is_enabled(answer: Answer) -> bool {
    let body = answer.with(200);
    assert_eq!(body.as_object().unwrap().len(), 1);
    body["enabled"].as_bool().unwrap()
}

async fn they_are_off_until_somebody_turns_them_on(db: TestDb) {
    let manager = Manager::start(db).await;
    let announced = async || {
        let path = "/oidc/.well-known/oauth-authorization-server";
        let document = manager.server.get(path, &[]).await.ok();
        document
            .get("client_id_metadata_document_supported")
            .cloned()
    };
    assert!(!is_enabled(manager.get(CONFIG).await));
    assert_eq!(announced().await, None);
    for enabled in [true, false, true] {
        let change = json!({ "enabled": enabled });
        assert_eq!(is_enabled(manager.patch(CONFIG, &change).await), enabled);
        assert_eq!(is_enabled(manager.get(CONFIG).await), enabled);
        assert_eq!(announced().await, enabled.then_some(Value::Bool(true)));
    }
    for wrong in [
        json!({}),
        json!({ "enabled": "yes" }),
        json!({ "enabled": null }),
    ] {
        let refused = manager.patch(CONFIG, &wrong).await;
        refused.failed(400, "guard.invalid_input");
    }
    assert!(
        manager
            .server
            .app
            .tenant("admin")
            .is_none_or(|admin| admin.cimd.is_none())
    );
}

async fn t43_they_cannot_be_turned_on_where_every_private_address_may_be_called(db: TestDb) {
    let variables = [("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")];
    let manager = Manager::start_with(db, &variables).await;
    let refused = manager.patch(CONFIG, &json!({ "enabled": true })).await;
    refused.failed(422, "request.invalid_input");
    assert!(!is_enabled(manager.get(CONFIG).await));
    assert!(!is_enabled(
        manager.patch(CONFIG, &json!({ "enabled": false })).await
    ));
}

async fn they_may_ask_for_scopes_that_are_listed(db: TestDb) {
    let manager = Manager::start(db).await;
    manager
        .patch(CONFIG, &json!({ "enabled": true }))
        .await
        .with(200);
    let scopes = scopes(&manager).await;
    let none = json!({ "organizationScopes": [], "resourceScopes": [], "organizationResourceScopes": [], "userScopes": [] });
    assert_eq!(manager.get(SCOPES).await.with(200), none);
    let body = json!({
        "organizationScopes": [scopes.organization], "resourceScopes": [scopes.resource],
        "organizationResourceScopes": [scopes.resource], "userScopes": ["profile", "email"],
    });
    for _ in 0..2 {
        manager.post(SCOPES, &body).await.with(201);
    }
    let of_api = json!([{
        "resource": { "id": scopes.resource_id, "name": "Orders", "indicator": "https://orders.test" },
        "scopes": [{ "id": scopes.resource, "name": "orders:read", "description": "Reads orders" }],
    }]);
    let all = json!({
        "organizationScopes": [{ "id": scopes.organization, "name": "invite", "description": null }],
        "resourceScopes": of_api, "organizationResourceScopes": of_api, "userScopes": ["email", "profile"],
    });
    assert_eq!(manager.get(SCOPES).await.with(200), all);
    let tenant = manager.server.app.tenant("default").unwrap();
    let ceiling = tenant.cimd.as_ref().unwrap();
    assert!(ceiling.user_scopes.contains("email") && ceiling.user_scopes.contains("profile"));
    assert!(ceiling.consentable.of_organization().contains("invite"));
    for in_organization in [false, true] {
        let may = ceiling
            .consentable
            .of_api("https://orders.test", in_organization);
        assert!(may.contains("orders:read"));
    }
    for rest in [
        format!("organization-scopes/{}", scopes.organization),
        format!("resource-scopes/{}", scopes.resource),
        format!("organization-resource-scopes/{}", scopes.resource),
        "user-scopes/profile".to_owned(),
        "user-scopes/email".to_owned(),
    ] {
        let one = format!("{SCOPES}/{rest}");
        manager.delete(&one).await.with(204);
        manager.delete(&one).await.failed(404, "entity.not_found");
    }
    assert_eq!(manager.get(SCOPES).await.with(200), none);
    let odd = manager.delete(&format!("{SCOPES}/odd-scopes/x")).await;
    assert_eq!(odd.status, 400, "{}", odd.body);
}

async fn t39_they_never_get_the_management_api(db: TestDb) {
    let manager = Manager::start(db).await;
    let resources = manager.get("/resources").await.with(200);
    let management = resources.as_array().unwrap().iter();
    let management = management
        .clone()
        .find(|found| found["indicator"] == MANAGEMENT_API)
        .unwrap();
    let path = format!("/resources/{}/scopes", management["id"].as_str().unwrap());
    let all = manager.get(&path).await.with(200)[0]["id"].clone();
    for name in ["resourceScopes", "organizationResourceScopes"] {
        let refused = manager.post(SCOPES, &json!({ name: [all] })).await;
        refused.failed(422, "application.consent_management_api_scopes_not_allowed");
    }
    let unknown = json!({ "resourceScopes": ["nor"], "userScopes": ["email"] });
    let refused = manager.post(SCOPES, &unknown).await;
    refused.failed(422, "application.user_consent_scopes_not_found");
    assert_eq!(
        manager.get(SCOPES).await.with(200)["userScopes"],
        json!([]),
        "all or nothing"
    );
    for scope in ["urn:logto:scope:sessions", "openid", "shoe_size"] {
        let refused = manager
            .post(SCOPES, &json!({ "userScopes": [scope] }))
            .await;
        refused.failed(400, "guard.invalid_input");
    }
}
