//! `/sso-connectors`, who joins an organization with them, and what they know people as (`contract/logto-api.md` §3.3, §4.2).

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};
use store::{
    on_both,
    seed::{ADMIN_TENANT, DEFAULT_TENANT},
    sso_connector::SsoConnector,
    testing::TestDb,
    user_sso_identity::UserSsoIdentity,
};

use crate::{manager::Manager, support::ANN};

on_both! {
    the_kinds_of_providers_are_listed,
    a_provider_is_added_read_changed_and_forgotten,
    a_provider_that_does_not_fit_is_refused,
    a_configuration_is_tried_before_it_is_stored,
    a_saml_provider_describes_itself,
    a_provider_that_has_gone_is_shown_without_its_word,
    other_tenants_providers_do_not_exist,
    an_organization_takes_the_people_of_a_provider,
    requests_are_signed_with_the_active_key,
    a_key_in_use_stays,
    a_person_is_shown_with_what_providers_know_them_as,
}

const LOOPBACK: (&str, &str) = ("HUFU_OUTBOUND_ALLOW", "127.0.0.1");

async fn start(db: TestDb) -> Manager {
    Manager::start_with(db, &[LOOPBACK]).await
}

/// A provider on loopback; it stops with the handle.
pub(crate) async fn provider() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    let metadata = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://idp.test\">\
        <md:IDPSSODescriptor><md:KeyDescriptor><ds:X509Certificate xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">MIIBszCCAVmgAwIBAgIU</ds:X509Certificate></md:KeyDescriptor>\
        <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://idp.test/in\"/>\
        </md:IDPSSODescriptor></md:EntityDescriptor>";
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(|| async { Json(said) }),
        )
        .route("/metadata", get(move || async move { metadata }));
    tokio::spawn(async { axum::serve(listener, router).await });
    issuer
}

fn oidc(issuer: &str) -> Value {
    json!({ "clientId": "id", "clientSecret": "secret", "issuer": issuer })
}

async fn the_kinds_of_providers_are_listed(db: TestDb) {
    let manager = Manager::start(db).await;
    let all = manager.get("/sso-connector-providers").await.with(200);
    let kinds: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["providerName"], &one["providerType"]))
        .collect();
    let expected = [
        ("OIDC", "oidc"),
        ("SAML", "saml"),
        ("AzureAD", "saml"),
        ("GoogleWorkspace", "oidc"),
        ("Okta", "oidc"),
        ("AzureAdOidc", "oidc"),
    ]
    .map(|(name, kind)| (json!(name), json!(kind)));
    assert_eq!(
        kinds,
        expected
            .iter()
            .map(|(name, kind)| (name, kind))
            .collect::<Vec<_>>()
    );
    assert!(
        all[0]["logo"]
            .as_str()
            .unwrap()
            .starts_with("data:image/svg+xml,")
    );
}

async fn a_provider_is_added_read_changed_and_forgotten(db: TestDb) {
    let (manager, issuer) = (start(db).await, provider().await);
    let body = json!({
        "providerName": "OIDC",
        "connectorName": "Acme",
        "config": oidc(&issuer),
        "domains": ["Acme.test"],
        "branding": { "displayName": "Acme Inc.", "logo": "" },
        "syncProfile": true,
    });
    let made = manager.post("/sso-connectors", &body).await.with(200);
    assert_eq!(made["id"].as_str().unwrap().len(), 12);
    assert_eq!(made["domains"], json!(["acme.test"]));
    assert_eq!(made["branding"], json!({ "displayName": "Acme Inc." }));
    assert!(made.get("providerType").is_none());
    let path = format!("/sso-connectors/{}", made["id"].as_str().unwrap());
    let found = manager.get(&path).await.with(200);
    assert_eq!(
        (&found["name"], &found["providerType"]),
        (&json!("OpenID Connect"), &json!("oidc"))
    );
    assert_eq!(
        found["providerConfig"]["authorizationEndpoint"],
        format!("{issuer}/authorize")
    );
    assert_eq!(manager.patch(&path, &json!({})).await.with(200), found);
    assert_eq!(
        manager.get("/sso-connectors").await.with(200),
        json!([found])
    );

    let change = json!({ "connectorName": "Acme 2", "domains": [], "enableTokenStorage": true });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(
        (&changed["connectorName"], &changed["domains"]),
        (&json!("Acme 2"), &json!([]))
    );
    assert_eq!(
        (&changed["syncProfile"], &changed["enableTokenStorage"]),
        (&json!(true), &json!(true))
    );
    manager.delete(&path).await.with(204);
    manager.delete(&path).await.failed(404, "entity.not_found");
    manager
        .get(&path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&path, &json!({}))
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn a_provider_that_does_not_fit_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let taken = json!({ "providerName": "OIDC", "connectorName": "Acme" });
    let taken = manager.post("/sso-connectors", &taken).await.with(200);
    let with = |more: Value| {
        let mut body = json!({ "providerName": "OIDC", "connectorName": "Other" });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    for (body, status, code) in [
        (
            json!({ "providerName": "OIDC" }),
            400,
            "guard.invalid_input",
        ),
        (
            with(json!({ "connectorName": "" })),
            400,
            "guard.invalid_input",
        ),
        (
            with(json!({ "connectorName": "x".repeat(129) })),
            400,
            "guard.invalid_input",
        ),
        (with(json!({ "domains": [1] })), 400, "guard.invalid_input"),
        (with(json!({ "config": [] })), 400, "guard.invalid_input"),
        (
            with(json!({ "providerName": "Other" })),
            422,
            "connector.not_found",
        ),
        (
            with(json!({ "connectorName": "Acme" })),
            409,
            "single_sign_on.duplicate_connector_name",
        ),
        (
            with(json!({ "domains": ["gmail.com"] })),
            422,
            "single_sign_on.forbidden_domains",
        ),
        (
            with(json!({ "domains": ["a.test", "A.test"] })),
            422,
            "single_sign_on.duplicated_domains",
        ),
        (
            with(json!({ "domains": ["a"] })),
            400,
            "single_sign_on.invalid_domain_format",
        ),
        (
            with(json!({ "config": { "clientId": "x" } })),
            400,
            "connector.invalid_config",
        ),
        (
            with(
                json!({ "providerName": "SAML", "config": { "metadata": "<x/>", "signAuthnRequest": true } }),
            ),
            400,
            "single_sign_on.active_signing_key_required",
        ),
        (
            with(json!({ "providerName": "SAML", "enableTokenStorage": true })),
            400,
            "connector.token_storage_not_supported",
        ),
    ] {
        manager
            .post("/sso-connectors", &body)
            .await
            .failed(status, code);
    }
    let refused = manager
        .post(
            "/sso-connectors",
            &with(json!({ "domains": ["gmail.com", "a.test"] })),
        )
        .await;
    assert_eq!(refused.with(422)["data"], json!({ "data": ["gmail.com"] }));
    manager
        .post("/sso-connectors", &with(json!({})))
        .await
        .with(200);
    let path = format!("/sso-connectors/{}", taken["id"].as_str().unwrap());
    let name = json!({ "connectorName": "Other" });
    manager
        .patch(&path, &name)
        .await
        .failed(409, "single_sign_on.duplicate_connector_name");
}

async fn a_configuration_is_tried_before_it_is_stored(db: TestDb) {
    let (manager, issuer) = (start(db).await, provider().await);
    let new = |config: Value| json!({ "providerName": "OIDC", "connectorName": "Acme", "config": config });
    for (config, code) in [
        (oidc("http://127.0.0.1:9"), "connector.general"),
        (oidc("http://10.0.0.1"), "connector.general"),
        (
            oidc(&format!("{issuer}/other")),
            "connector.invalid_response",
        ),
    ] {
        manager
            .post("/sso-connectors", &new(config))
            .await
            .failed(400, code);
    }
    assert_eq!(manager.get("/sso-connectors").await.with(200), json!([]));
    let made = manager
        .post("/sso-connectors", &new(oidc(&issuer)))
        .await
        .with(200);
    let path = format!("/sso-connectors/{}", made["id"].as_str().unwrap());
    let change = json!({ "config": oidc("http://127.0.0.1:9") });
    manager
        .patch(&path, &change)
        .await
        .failed(400, "connector.general");
    assert_eq!(
        manager.get(&path).await.with(200)["config"]["issuer"],
        issuer
    );
}

async fn a_saml_provider_describes_itself(db: TestDb) {
    let (manager, issuer) = (start(db).await, provider().await);
    let config = json!({ "metadataUrl": format!("{issuer}/metadata") });
    let body = json!({ "providerName": "SAML", "connectorName": "Acme", "config": config });
    let made = manager.post("/sso-connectors", &body).await.with(200);
    let id = made["id"].as_str().unwrap();
    let found = manager
        .get(&format!("/sso-connectors/{id}"))
        .await
        .with(200);
    assert_eq!(
        found["providerConfig"],
        json!({
            "identityProvider": {
                "entityId": "https://idp.test",
                "signInEndpoint": "https://idp.test/in",
                "x509Certificate": "MIIBszCCAVmgAwIBAgIU",
            },
            "defaultAttributeMapping": { "id": "nameID", "email": "email", "name": "name" },
            "serviceProvider": {
                "entityId": format!("http://id.test/enterprise-sso/{id}"),
                "assertionConsumerServiceUrl": format!("http://id.test/api/authn/single-sign-on/saml/{id}"),
            },
        })
    );
    let config = json!({ "metadataUrl": format!("{issuer}/nothing") });
    let body = json!({ "providerName": "SAML", "connectorName": "Other", "config": config });
    manager
        .post("/sso-connectors", &body)
        .await
        .failed(400, "connector.invalid_metadata");
}

fn stored(id: &str, issuer: &str) -> SsoConnector {
    SsoConnector {
        id: id.to_owned(),
        provider_name: "OIDC".to_owned(),
        connector_name: id.to_owned(),
        config: oidc(issuer).as_object().unwrap().clone(),
        domains: Vec::new(),
        branding: serde_json::Map::new(),
        sync_profile: false,
        stores_tokens: false,
        created_at: protocol::time::Time(1),
    }
}

async fn store(manager: &Manager, tenant: &str, connector: &SsoConnector) {
    let app = &manager.server.app;
    let mut tx = app.db().begin().await.unwrap();
    store::sso_connector::insert(&mut tx, app.vault(), tenant, connector)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
}

async fn a_provider_that_has_gone_is_shown_without_its_word(db: TestDb) {
    let (manager, issuer) = (start(db).await, provider().await);
    let unknown = SsoConnector {
        provider_name: "Other".to_owned(),
        ..stored("c", &issuer)
    };
    for connector in [
        stored("a", "http://127.0.0.1:9"),
        stored("b", &issuer),
        unknown,
    ] {
        store(&manager, DEFAULT_TENANT, &connector).await;
    }
    let all = manager.get("/sso-connectors").await.with(200);
    let shown: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["id"].as_str().unwrap(),
                one.get("providerConfig").is_some(),
            )
        })
        .collect();
    assert_eq!(shown, [("a", false), ("b", true)]);
    manager
        .get("/sso-connectors/c")
        .await
        .failed(404, "connector.not_found");
    let page = manager.get("/sso-connectors?page=2&page_size=1").await;
    assert_eq!(page.headers["total-number"], "3");
    assert_eq!(page.ids(), ["b"]);
}

async fn other_tenants_providers_do_not_exist(db: TestDb) {
    let manager = start(db).await;
    store(&manager, ADMIN_TENANT, &stored("theirs", "https://id.test")).await;
    let path = "/sso-connectors/theirs";
    manager
        .get(path)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(path, &json!({ "domains": [] }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.delete(path).await.failed(404, "entity.not_found");
    assert_eq!(manager.get("/sso-connectors").await.with(200), json!([]));
    let organization = manager
        .post("/organizations", &json!({ "name": "Acme" }))
        .await
        .with(201);
    let path = format!(
        "/organizations/{}/jit/sso-connectors",
        organization["id"].as_str().unwrap()
    );
    let body = json!({ "ssoConnectorIds": ["theirs"] });
    manager
        .post(&path, &body)
        .await
        .failed(422, "entity.relation_foreign_key_not_found");
}

async fn an_organization_takes_the_people_of_a_provider(db: TestDb) {
    let manager = start(db).await;
    for id in ["a", "b"] {
        store(&manager, DEFAULT_TENANT, &stored(id, "https://id.test")).await;
    }
    let organization = manager
        .post("/organizations", &json!({ "name": "Acme" }))
        .await
        .with(201);
    let path = format!(
        "/organizations/{}/jit/sso-connectors",
        organization["id"].as_str().unwrap()
    );
    let ids = |ids: &[&str]| json!({ "ssoConnectorIds": ids });
    manager.post(&path, &ids(&["a"])).await.with(201);
    manager.post(&path, &ids(&["a", "b"])).await.with(201);
    manager
        .post(&path, &ids(&[]))
        .await
        .failed(400, "guard.invalid_input");
    manager
        .post(&path, &ids(&["c"]))
        .await
        .failed(422, "entity.relation_foreign_key_not_found");
    assert_eq!(manager.get(&path).await.ids(), ["a", "b"]);
    assert_eq!(
        manager
            .get(&format!("{path}?page=1&page_size=1"))
            .await
            .ids(),
        ["a"]
    );
    manager.put(&path, &ids(&["b"])).await.with(204);
    assert_eq!(manager.get(&path).await.ids(), ["b"]);
    manager
        .delete(&format!("{path}/a"))
        .await
        .failed(404, "entity.not_found");
    // The connector goes, and with it what depends on it.
    manager.delete("/sso-connectors/b").await.with(204);
    assert!(manager.get(&path).await.ids().is_empty());
    let nowhere = "/organizations/nowhere/jit/sso-connectors";
    manager
        .get(nowhere)
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn saml(manager: &Manager, name: &str) -> (String, Value) {
    let config = json!({ "metadataUrl": format!("{}/metadata", provider().await) });
    let body = json!({ "providerName": "SAML", "connectorName": name, "config": config });
    let made = manager.post("/sso-connectors", &body).await.with(200);
    (
        format!("/sso-connectors/{}", made["id"].as_str().unwrap()),
        config,
    )
}

async fn requests_are_signed_with_the_active_key(db: TestDb) {
    let manager = start(db).await;
    let (path, config) = saml(&manager, "Acme").await;
    let keys = format!("{path}/signing-keys");
    let first = manager.post(&keys, &json!({})).await.with(201);
    assert_eq!(first["active"], false);
    assert!(
        first["certificate"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    let prints = &first["fingerprints"]["sha256"];
    let formatted = prints["formatted"].as_str().unwrap();
    assert_eq!(
        formatted.replace(':', ""),
        prints["unformatted"].as_str().unwrap()
    );
    assert!(first["expiresAt"].as_i64() > first["createdAt"].as_i64());

    let mut signing = config.clone();
    signing["signAuthnRequest"] = true.into();
    let signing = json!({ "config": signing });
    let code = "single_sign_on.active_signing_key_required";
    manager.patch(&path, &signing).await.failed(400, code);
    manager.server.advance(1);
    let second = manager
        .post(&keys, &json!({ "active": true }))
        .await
        .with(201);
    manager.patch(&path, &signing).await.with(200);
    let change = format!("{keys}/{}", first["id"].as_str().unwrap());
    let changed = manager
        .patch(&change, &json!({ "active": true }))
        .await
        .with(200);
    assert_eq!(changed["active"], true);
    let active = manager.get(&keys).await.with(200);
    let active: Vec<_> = active
        .as_array()
        .unwrap()
        .iter()
        .map(|key| (&key["id"], &key["active"]))
        .collect();
    assert_eq!(
        active,
        [(&first["id"], &json!(true)), (&second["id"], &json!(false))]
    );
}

async fn a_key_in_use_stays(db: TestDb) {
    let manager = start(db).await;
    let (path, mut config) = saml(&manager, "Acme").await;
    let keys = format!("{path}/signing-keys");
    let key = manager
        .post(&keys, &json!({ "active": true }))
        .await
        .with(201);
    let key = format!("{keys}/{}", key["id"].as_str().unwrap());
    config["signAuthnRequest"] = true.into();
    manager
        .patch(&path, &json!({ "config": config }))
        .await
        .with(200);
    let (on, off) = (json!({ "active": true }), json!({ "active": false }));
    manager
        .patch(&key, &off)
        .await
        .failed(400, "single_sign_on.can_not_deactivate_signing_key_in_use");
    manager
        .delete(&key)
        .await
        .failed(400, "single_sign_on.can_not_delete_active_signing_key");
    config["signAuthnRequest"] = false.into();
    manager
        .patch(&path, &json!({ "config": config }))
        .await
        .with(200);
    assert_eq!(manager.patch(&key, &off).await.with(200)["active"], false);
    manager.delete(&key).await.with(204);
    manager.delete(&key).await.failed(404, "entity.not_found");
    manager
        .patch(&key, &on)
        .await
        .failed(404, "entity.not_exists");
    manager
        .patch(&key, &json!({}))
        .await
        .failed(400, "guard.invalid_input");
    assert_eq!(manager.get(&keys).await.with(200), json!([]));
    // Of another connector, of OpenID Connect, of nobody.
    let (other, _) = saml(&manager, "Other").await;
    let theirs = manager
        .post(&format!("{other}/signing-keys"), &json!({}))
        .await
        .with(201);
    let wrong = format!("{keys}/{}", theirs["id"].as_str().unwrap());
    manager
        .patch(&wrong, &on)
        .await
        .failed(404, "entity.not_exists");
    manager.delete(&wrong).await.failed(404, "entity.not_found");
    store(&manager, DEFAULT_TENANT, &stored("oidc", "https://id.test")).await;
    for path in [
        "/sso-connectors/oidc/signing-keys",
        "/sso-connectors/nobody/signing-keys",
    ] {
        let code = if path.contains("oidc") {
            "connector.not_found"
        } else {
            "entity.not_exists_with_id"
        };
        manager.get(path).await.failed(404, code);
        manager.post(path, &on).await.failed(404, code);
    }
}

async fn a_person_is_shown_with_what_providers_know_them_as(db: TestDb) {
    let manager = start(db).await;
    store(&manager, DEFAULT_TENANT, &stored("acme", "https://id.test")).await;
    let now = manager.server.now();
    let identity = UserSsoIdentity {
        id: "x".to_owned(),
        user_id: ANN.to_owned(),
        issuer: "https://id.test".to_owned(),
        identity_id: "ann at acme".to_owned(),
        detail: json!({ "name": "Ann" }).as_object().unwrap().clone(),
        sso_connector_id: "acme".to_owned(),
        created_at: now,
        updated_at: now,
    };
    let app = &manager.server.app;
    let mut tx = app.db().begin().await.unwrap();
    store::user_sso_identity::insert(&mut tx, DEFAULT_TENANT, &identity)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();

    let path = format!("/users/{ANN}/sso-identities/acme");
    let found = manager.get(&path).await.with(200);
    let identity = &found["ssoIdentity"];
    assert_eq!(
        (&identity["identityId"], &identity["detail"]),
        (&json!("ann at acme"), &json!({ "name": "Ann" }))
    );
    assert_eq!(identity["createdAt"], now.0 * 1000);
    let all = manager
        .get(&format!("/users/{ANN}/all-identities"))
        .await
        .with(200);
    assert_eq!(
        all["ssoIdentities"],
        json!([{ "ssoConnectorId": "acme", "ssoIdentity": identity }])
    );
    let user = manager
        .get(&format!("/users/{ANN}?includeSsoIdentities=true"))
        .await
        .with(200);
    assert_eq!(user["ssoIdentities"], json!([identity]));
    let path = format!("/users/{ANN}/sso-identities/other");
    manager
        .get(&path)
        .await
        .failed(404, "user.enterprise_sso_identity_not_exists");
    manager
        .get("/users/nobody/sso-identities/acme")
        .await
        .failed(404, "entity.not_found");
}
