//! `/.well-known` and `/status` (`contract/logto-api.md` §5.7).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{manager::Manager, support::Answer};

on_both!(
    an_experience_is_public_without_what_is_the_operators,
    an_organization_dresses_over_an_application_over_the_tenant,
    a_third_party_application_does_not_dress,
    sign_up_asks_for_the_listed_fields,
    a_captcha_is_shown_without_its_secret,
    words_come_in_the_language_that_fits,
    the_account_center_and_its_origins_are_public,
    endpoints_are_told_at_the_administrators_tenant_only,
    answers_are_asked_for_again_with_their_tag,
    the_status_is_empty,
);

const EXPERIENCE: &str = "/api/.well-known/sign-in-exp";

async fn get(manager: &Manager, path: &str) -> Answer {
    manager.server.get(path, &[]).await
}

async fn an_experience_is_public_without_what_is_the_operators(db: TestDb) {
    let manager = Manager::start(db).await;
    let connector = json!({ "connectorId": "github-universal",
        "config": { "clientId": "client", "clientSecret": "swordfish" } });
    let github = manager.post("/connectors", &connector).await.with(200);
    let change = json!({ "socialSignInConnectorTargets": ["github"],
        "emailBlocklistPolicy": { "customBlocklist": ["bad@example.com"] } });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let shown = get(&manager, EXPERIENCE).await.with(200);
    let newer = get(&manager, "/api/.well-known/experience").await.with(200);
    assert_eq!(shown, newer);
    let held = manager.get("/sign-in-exp").await.with(200);
    for (name, value) in held.as_object().unwrap() {
        let hidden = matches!(
            name.as_str(),
            "emailBlocklistPolicy" | "forgotPasswordMethods"
        );
        assert_eq!(shown.get(name), (!hidden).then_some(value), "{name}");
    }
    assert_eq!(
        shown["socialConnectors"],
        json!([{ "id": github["id"], "target": "github", "platform": "Universal",
            "name": { "en": "GitHub" }, "logo": github["logo"], "logoDark": null, "isStandard": false }])
    );
    assert_eq!(
        shown["forgotPassword"],
        json!({ "email": false, "phone": false })
    );
    assert_eq!(shown["isDevelopmentTenant"], false);
    assert_eq!(shown["ssoConnectors"], json!([]));
    assert_eq!(shown["customProfileFields"], json!([]));
    assert_eq!(shown.get("googleOneTap"), None);
    assert_eq!(shown.get("captchaConfig"), None);
    assert!(!shown.to_string().contains("swordfish"), "t55");
}

async fn an_organization_dresses_over_an_application_over_the_tenant(db: TestDb) {
    let manager = Manager::start(db).await;
    let of_app = json!({ "color": { "primaryColor": "#111111", "isDarkModeEnabled": true },
        "branding": { "logoUrl": "https://a.test/app.png" }, "customCss": "a{}" });
    let path = "/applications/chat/sign-in-experience";
    let set = manager.put(path, &of_app).await;
    assert!(matches!(set.status, 200 | 201), "{}", set.body);
    let of_organization = json!({ "name": "Acme", "color": { "primaryColor": "#222222" },
        "branding": { "logoUrl": "https://a.test/acme.png" } });
    let acme = manager.post("/organizations", &of_organization).await;
    let acme = acme.with(201)["id"].as_str().unwrap().to_owned();
    let look = async |query: &str| {
        let shown = get(&manager, &format!("{EXPERIENCE}?{query}"))
            .await
            .with(200);
        (
            shown["color"]["primaryColor"].as_str().unwrap().to_owned(),
            shown["branding"]["logoUrl"].clone(),
            shown["customCss"].clone(),
        )
    };
    let of_tenant = look("").await;
    assert_eq!(look("appId=nobody&organizationId=nobody").await, of_tenant);
    let app = look("appId=chat").await;
    assert_eq!(
        app,
        (
            "#111111".to_owned(),
            json!("https://a.test/app.png"),
            json!("a{}")
        )
    );
    let both = look(&format!("appId=chat&organizationId={acme}")).await;
    assert_eq!(
        both,
        (
            "#222222".to_owned(),
            json!("https://a.test/acme.png"),
            json!("a{}")
        )
    );
}

async fn a_third_party_application_does_not_dress(db: TestDb) {
    let manager = Manager::start(db).await;
    let of_app = json!({ "color": { "primaryColor": "#111111" } });
    let path = "/applications/partner/sign-in-experience";
    manager.put(path, &of_app).await;
    let plain = get(&manager, EXPERIENCE).await.with(200);
    let shown = get(&manager, &format!("{EXPERIENCE}?appId=partner")).await;
    assert_eq!(shown.with(200)["color"], plain["color"]);
}

async fn sign_up_asks_for_the_listed_fields(db: TestDb) {
    let manager = Manager::start(db).await;
    for name in ["one", "two", "three"] {
        let field = json!({ "name": name, "type": "Text", "required": false });
        let path = "/custom-profile-fields";
        manager.post(path, &field).await.with(201);
    }
    let names = async |member: &str| {
        let shown = get(&manager, EXPERIENCE).await.with(200);
        let fields = shown[member].as_array().unwrap().iter();
        let names: Vec<Value> = fields.map(|field| field["name"].clone()).collect();
        json!(names)
    };
    assert_eq!(
        names("customProfileFields").await,
        json!(["one", "two", "three"])
    );
    for (listed, asked) in [
        (
            json!([{ "name": "three" }, { "name": "gone" }, { "name": "one" }]),
            json!(["three", "one"]),
        ),
        (json!([]), json!([])),
    ] {
        let change = json!({ "signUpProfileFields": listed });
        manager.patch("/sign-in-exp", &change).await.with(200);
        assert_eq!(names("customProfileFields").await, asked);
    }
    assert_eq!(
        names("customProfileFieldCatalog").await,
        json!(["one", "two", "three"])
    );
}

async fn a_captcha_is_shown_without_its_secret(db: TestDb) {
    let manager = Manager::start(db).await;
    let config = json!({ "type": "Turnstile", "siteKey": "site", "secretKey": "swordfish" });
    let provider = json!({ "config": config });
    manager.put("/captcha-provider", &provider).await.with(200);
    let shown = get(&manager, EXPERIENCE).await.with(200);
    assert_eq!(shown.get("captchaConfig"), None, "it is not asked for");
    let change = json!({ "captchaPolicy": { "enabled": true } });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let shown = get(&manager, EXPERIENCE).await.with(200);
    assert_eq!(
        shown["captchaConfig"],
        json!({ "type": "Turnstile", "siteKey": "site" })
    );
}

async fn words_come_in_the_language_that_fits(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/api/.well-known/phrases";
    let german = manager.server.get(path, &[("accept-language", "de")]).await;
    assert_eq!(german.header("content-language"), "de");
    assert_eq!(german.header("vary").to_lowercase(), "accept-language");
    assert_eq!(german.with(200)["translation"]["password"], "Passwort");
    let own = json!({ "password": "Kodeord", "action": { "sign_in": "Log ind" } });
    manager.put("/custom-phrases/da", &own).await.with(201);
    let danish = get(&manager, &format!("{path}?lng=xx+da+en")).await;
    assert_eq!(danish.header("content-language"), "da");
    let words = danish.with(200);
    assert_eq!(words["translation"]["password"], "Kodeord");
    assert_eq!(words["translation"]["action"]["sign_in"], "Log ind");
    assert_eq!(words["translation"]["or"], "or", "the rest is English");
    let change = json!({ "languageInfo": { "autoDetect": false, "fallbackLanguage": "fr" } });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let fixed = manager.server.get(path, &[("accept-language", "de")]).await;
    assert_eq!(fixed.header("content-language"), "fr");
}

async fn the_account_center_and_its_origins_are_public(db: TestDb) {
    let manager = Manager::start(db).await;
    let origins = async || get(&manager, "/.well-known/webauthn").await.with(200);
    assert_eq!(origins().await, json!({ "origins": [] }));
    let change = json!({ "enabled": true, "webauthnRelatedOrigins": ["https://other.test"] });
    let held = manager.patch("/account-center", &change).await.with(200);
    let shown = get(&manager, "/api/.well-known/account-center").await;
    assert_eq!(shown.with(200), held);
    assert_eq!(
        origins().await,
        json!({ "origins": ["https://other.test"] })
    );
}

async fn endpoints_are_told_at_the_administrators_tenant_only(db: TestDb) {
    let variables = [
        ("ADMIN_ENDPOINT", "http://admin.test"),
        ("TRUST_PROXY_HEADER", "1"),
    ];
    let manager = Manager::start_with(db, &variables).await;
    let path = "/api/.well-known/endpoints/default";
    assert_eq!(get(&manager, path).await.status, 404);
    let at_admin = [("x-forwarded-host", "admin.test")];
    let told = manager.server.get(path, &at_admin).await;
    assert_eq!(told.with(200), json!({ "user": "http://id.test" }));
    let unknown = "/api/.well-known/endpoints/nobody";
    let refused = manager.server.get(unknown, &at_admin).await;
    refused.failed(404, "entity.not_found");
}

async fn answers_are_asked_for_again_with_their_tag(db: TestDb) {
    let manager = Manager::start(db).await;
    for path in [EXPERIENCE, "/api/.well-known/phrases"] {
        let first = get(&manager, path).await;
        assert_eq!(first.header("cache-control"), "no-cache");
        let tag = first.header("etag").to_owned();
        let headers = [("if-none-match", tag.as_str())];
        let second = manager.server.get(path, &headers).await;
        assert_eq!((second.status, second.body), (304, json!("")), "{path}");
    }
    let tag = get(&manager, EXPERIENCE).await.header("etag").to_owned();
    let change = json!({ "hideLogtoBranding": false, "supportEmail": "help@example.com" });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let headers = [("if-none-match", tag.as_str())];
    let changed = manager.server.get(EXPERIENCE, &headers).await;
    assert_eq!(changed.with(200)["supportEmail"], "help@example.com");
}

async fn the_status_is_empty(db: TestDb) {
    let manager = Manager::start_with(db, &[("STATUS_API_KEY", "open sesame")]).await;
    let status = async |headers: &[(&str, &str)]| manager.server.get("/api/status", headers).await;
    for (headers, tenant) in [
        (&[][..], ""),
        (&[("logto-status-api-key", "guess")][..], ""),
        (&[("logto-status-api-key", "open sesame")][..], "default"),
    ] {
        let answer = status(headers).await;
        assert_eq!((answer.status, &answer.body), (204, &json!("")));
        assert_eq!(answer.header("logto-tenant-id"), tenant);
    }
}
