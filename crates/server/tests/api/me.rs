//! `/me` of the administrators' tenant (`contract/logto-api.md` §5.8).

use identity::user::User;
use protocol::{
    record::{Grant, IssuedCode, Session},
    scope::ScopeSet,
    secret::Secret,
};
use serde_json::{Map, Value, json};
use server::random;
use store::{
    on_both,
    seed::{ADMIN_TENANT, DEFAULT_TENANT},
    testing::TestDb,
    user::UsernameCase,
};

use crate::{
    provider::{self, returned},
    support::{Answer, CHALLENGE, TestServer, VERIFIER},
};

on_both!(
    an_account_is_shown_and_changed,
    an_address_must_be_proven_first,
    t33_a_password_is_changed_after_the_old_one_was_shown,
    t47_guesses_at_the_password_are_counted,
    t39_tokens_for_something_else_are_refused,
    t26_a_token_dies_with_its_session,
    custom_data_is_merged,
    a_picture_is_stored,
    an_account_is_linked_with_a_provider,
    t32_an_identity_of_somebody_else_is_not_taken,
    a_link_to_a_provider_is_taken_away,
    bad_changes_are_refused,
);

const ME: &str = "https://admin.logto.app/me";
const PASSWORD: &str = "eight violins";

/// An administrator who has signed in to the console.
struct Admin {
    server: TestServer,
    token: String,
    messages: tempfile::TempDir,
}

fn administrator() -> User {
    User {
        id: "admin1234567".to_owned(),
        username: Some("root".to_owned()),
        primary_email: None,
        primary_phone: None,
        password: None,
        name: Some("Root".to_owned()),
        avatar: None,
        profile: Map::new(),
        custom_data: Map::new(),
        application_id: None,
        cimd_client_id: None,
        is_suspended: false,
        last_sign_in_at: None,
        created_at: protocol::time::Time(1),
        updated_at: protocol::time::Time(1),
        identities: std::collections::BTreeMap::new(),
    }
}

impl Admin {
    async fn start(db: TestDb) -> Self {
        let messages = tempfile::tempdir().unwrap();
        let path = messages.path().to_str().unwrap();
        let variables = [
            ("ADMIN_ENDPOINT", "http://admin.test"),
            ("TRUST_PROXY_HEADER", "1"),
            ("MOCK_CONNECTOR_MESSAGE_DIR", path),
            ("HUFU_ASSETS_DIR", path),
            ("HUFU_OUTBOUND_ALLOW", "127.0.0.1"),
        ];
        let server = TestServer::with(db.clone(), &variables).await;
        let mut tx = server.app.db().begin().await.unwrap();
        let case = UsernameCase::Sensitive;
        store::user::insert(&mut tx, ADMIN_TENANT, &administrator(), case)
            .await
            .unwrap();
        let role = store::role::find_by_name(&mut tx, ADMIN_TENANT, "user").await;
        let (user, role) = (administrator().id, role.unwrap().unwrap().id);
        store::role::give_user(&mut tx, ADMIN_TENANT, &user, &role)
            .await
            .unwrap();
        server.app.commit(tx).await.unwrap();
        let mut admin = Self {
            server,
            token: String::new(),
            messages,
        };
        admin.token = admin.token_for(ME).await;
        admin
    }

    async fn token_for(&self, resource: &str) -> String {
        let now = self.server.now();
        let session = Session {
            id: random::id(21),
            user_id: administrator().id,
            authenticated_at: now,
            amr: vec!["pwd".to_owned()],
            expires_at: now.plus(86_400),
        };
        let grant = Grant {
            id: random::id(21),
            user_id: administrator().id,
            client_id: "admin-console".to_owned(),
            session_id: Some(session.id.clone()),
            scope: ScopeSet::parse("openid all"),
            resources: vec![resource.to_owned()],
            auth_time: now,
            nonce: None,
            claims: None,
            created_at: now,
            expires_at: now.plus(86_400),
        };
        let code = IssuedCode {
            grant_id: grant.id.clone(),
            client_id: "admin-console".to_owned(),
            redirect_uri: Some("http://admin.test/console".to_owned()),
            code_challenge: Some(CHALLENGE.to_owned()),
            expires_at: now.plus(60),
        };
        let text = Secret::new(random::id(43));
        let mut tx = self.server.app.db().begin().await.unwrap();
        let hash = random::secret().hash();
        store::session::insert(&mut tx, ADMIN_TENANT, &hash, &session, now)
            .await
            .unwrap();
        store::grant::insert(&mut tx, ADMIN_TENANT, &grant)
            .await
            .unwrap();
        store::code::insert(&mut tx, ADMIN_TENANT, &text.hash(), &code)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "admin-console"),
            ("code", text.reveal()),
            ("redirect_uri", "http://admin.test/console"),
            ("code_verifier", VERIFIER),
            ("resource", resource),
        ];
        let host = [("x-forwarded-host", "admin.test")];
        let tokens = self.server.post("/token", &form, &host).await.ok();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        let headers = [
            ("x-forwarded-host", "admin.test"),
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let body = body.map(Value::to_string).unwrap_or_default();
        let path = format!("/me{path}");
        self.server.send(method, &path, &headers, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(&body)).await
    }

    async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(&body)).await
    }
}

async fn an_account_is_shown_and_changed(db: TestDb) {
    let admin = Admin::start(db).await;
    let me = admin.get("").await.with(200);
    assert_eq!(
        (&me["id"], &me["username"], &me["name"]),
        (&json!("admin1234567"), &json!("root"), &json!("Root"))
    );
    assert_eq!(me.get("hasPassword"), None);
    let change = json!({ "username": "chief", "name": "", "avatar": "https://a.test/me.png" });
    let changed = admin.patch("", change).await.with(200);
    assert_eq!(
        (&changed["username"], &changed["name"], &changed["avatar"]),
        (
            &json!("chief"),
            &json!(null),
            &json!("https://a.test/me.png")
        )
    );
    assert_eq!(admin.get("").await.with(200), changed);
    assert_eq!(admin.patch("", json!({})).await.with(200), changed);
}

async fn an_address_must_be_proven_first(db: TestDb) {
    let admin = Admin::start(db).await;
    let (wanted, code) = (
        json!({ "primaryEmail": "Root@Example.com" }),
        json!({ "email": "root@example.com" }),
    );
    let refused = admin.patch("", wanted.clone()).await;
    refused.failed(400, "session.verification_session_not_found");
    let no_mail = admin.post("/verification-codes", code.clone()).await;
    no_mail.failed(501, "connector.not_found");
    let connector = identity::connector::Connector {
        id: "mail12345678".to_owned(),
        factory: "mock-email-service".to_owned(),
        target: "mock-email-service".to_owned(),
        name: identity::connector::Names::default(),
        logo: None,
        logo_dark: None,
        config: Map::from_iter([
            ("apiKey".to_owned(), json!("key")),
            ("fromEmail".to_owned(), json!("from@example.com")),
            (
                "templates".to_owned(),
                json!([{ "usageType": "Generic", "subject": "s", "content": "{{code}}" }]),
            ),
        ]),
        sync_profile: false,
        stores_tokens: false,
    };
    let app = &admin.server.app;
    let mut tx = app.db().begin().await.unwrap();
    store::connector::insert(&mut tx, app.vault(), ADMIN_TENANT, &connector, app.now())
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    admin.post("/verification-codes", code).await.with(204);
    let file = admin.messages.path().join("logto_mock_email_record.txt");
    let sent = std::fs::read_to_string(file).unwrap();
    let sent: Value = serde_json::from_str(sent.lines().last().unwrap()).unwrap();
    let code = sent["code"].as_str().or(sent["payload"]["code"].as_str());
    let typed = |code: &str| json!({ "email": "ROOT@example.com", "verificationCode": code });
    let verify = "/verification-codes/verify";
    let wrong = admin.post(verify, typed("wrong")).await;
    wrong.failed(400, "verification_code.code_mismatch");
    admin.post(verify, typed(code.unwrap())).await.with(204);
    let other = json!({ "primaryEmail": "eve@example.com" });
    let refused = admin.patch("", other).await;
    refused.failed(400, "session.verification_session_not_found");
    admin.server.advance(601);
    let stale = admin.patch("", wanted.clone()).await;
    stale.failed(422, "session.verification_failed");
    let mut tx = app.db().begin().await.unwrap();
    let (id, now) = (administrator().id, app.now());
    store::verification_status::set(&mut tx, ADMIN_TENANT, &id, "root@example.com", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let changed = admin.patch("", wanted.clone()).await.with(200);
    assert_eq!(changed["primaryEmail"], "root@example.com");
    let refused = admin.patch("", wanted).await;
    refused.failed(400, "session.verification_session_not_found");
}

async fn t33_a_password_is_changed_after_the_old_one_was_shown(db: TestDb) {
    let admin = Admin::start(db).await;
    let password = |text: &str| json!({ "password": text });
    let weak = admin.post("/password", password("root")).await;
    let weak = weak.failed(400, "password.rejected");
    assert!(weak["data"].to_string().contains("too_short"));
    let verify = "/password/verify";
    let none = admin.post(verify, password(PASSWORD)).await;
    none.failed(422, "session.invalid_credentials");
    admin.post("/password", password(PASSWORD)).await.with(204);
    assert_eq!(admin.get("").await.with(200)["hasPassword"], true);
    let new = "nine violoncellos";
    let unproven = admin.post("/password", password(new)).await;
    unproven.failed(400, "session.verification_session_not_found");
    admin.post(verify, password(PASSWORD)).await.with(204);
    admin.server.advance(601);
    let stale = admin.post("/password", password(new)).await;
    stale.failed(422, "session.verification_failed");
    admin.post(verify, password(PASSWORD)).await.with(204);
    admin.post("/password", password(new)).await.with(204);
    let again = admin.post("/password", password(PASSWORD)).await;
    again.failed(400, "session.verification_session_not_found");
    let old = admin.post(verify, password(PASSWORD)).await;
    old.failed(422, "session.invalid_credentials");
    admin.post(verify, password(new)).await.with(204);
}

async fn t47_guesses_at_the_password_are_counted(db: TestDb) {
    let admin = Admin::start(db).await;
    let (app, policy) = (
        &admin.server.app,
        json!({ "sentinelPolicy": { "maxAttempts": 3 } }),
    );
    let mut tx = app.db().begin().await.unwrap();
    store::sign_in_experience::set(&mut tx, ADMIN_TENANT, &policy)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    let right = json!({ "password": PASSWORD });
    admin.post("/password", right.clone()).await.with(204);
    let verify = "/password/verify";
    for _ in 0..3 {
        let wrong = admin.post(verify, json!({ "password": "guess" })).await;
        wrong.failed(422, "session.invalid_credentials");
    }
    let locked = admin.post(verify, right).await;
    locked.failed(400, "session.verification_blocked_too_many_attempts");
}

async fn t39_tokens_for_something_else_are_refused(db: TestDb) {
    let mut admin = Admin::start(db).await;
    let server = admin.server.clone();
    let at_admin = [("x-forwarded-host", "admin.test")];
    let refused = server.get("/me", &at_admin).await;
    refused.failed(401, "auth.authorization_header_missing");
    // Other tenants have no such address.
    let authorization = format!("Bearer {}", admin.token);
    let headers = [("authorization", authorization.as_str())];
    assert_eq!(server.get("/me", &headers).await.status, 404);
    let mut tx = server.app.db().begin().await.unwrap();
    let role = store::role::find_by_name(&mut tx, ADMIN_TENANT, "default:admin").await;
    let (id, role) = (administrator().id, role.unwrap().unwrap().id);
    store::role::give_user(&mut tx, ADMIN_TENANT, &id, &role)
        .await
        .unwrap();
    server.app.commit(tx).await.unwrap();
    let management = format!("https://{DEFAULT_TENANT}.logto.app/api");
    admin.token = admin.token_for(&management).await;
    admin.get("").await.failed(401, "auth.unauthorized");
    admin.token = "nonsense".to_owned();
    admin.get("").await.failed(401, "auth.unauthorized");
}

async fn t26_a_token_dies_with_its_session(db: TestDb) {
    let admin = Admin::start(db).await;
    admin.get("").await.with(200);
    let (app, id) = (&admin.server.app, administrator().id);
    let mut tx = app.db().begin().await.unwrap();
    store::user::set_suspended(&mut tx, ADMIN_TENANT, &id, true, app.now())
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    admin.get("").await.failed(401, "auth.unauthorized");
}

async fn custom_data_is_merged(db: TestDb) {
    let admin = Admin::start(db).await;
    let path = "/custom-data";
    assert_eq!(admin.get(path).await.with(200), json!({}));
    admin
        .patch(path, json!({ "a": { "b": 1 }, "c": 2 }))
        .await
        .with(200);
    let merged = admin.patch(path, json!({ "a": {}, "d": null })).await;
    let expected = json!({ "a": {}, "c": 2, "d": null });
    assert_eq!(merged.with(200), expected);
    assert_eq!(admin.get(path).await.with(200), expected);
    let refused = admin.patch(path, json!(["a"])).await;
    refused.failed(400, "guard.invalid_input");
    let large = json!({ "a": "x".repeat(300_000) });
    let refused = admin.patch(path, large).await;
    refused.failed(400, "guard.invalid_input");
}

async fn a_picture_is_stored(db: TestDb) {
    let admin = Admin::start(db).await;
    let status = admin.get("/user-assets/service-status").await.with(200);
    assert_eq!(status["status"], "ready");
    let authorization = format!("Bearer {}", admin.token);
    let headers = [
        ("x-forwarded-host", "admin.test"),
        ("authorization", authorization.as_str()),
        ("content-type", "multipart/form-data; boundary=xyz"),
    ];
    let body = b"--xyz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nGIF89a\r\n--xyz--\r\n";
    let path = "/me/user-assets";
    let sent = admin
        .server
        .send_bytes("POST", path, &headers, body.to_vec());
    let url = sent.await.read().with(200)["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let start = "http://admin.test/uploads/admin1234567/";
    assert!(url.starts_with(start), "{url}");
}

async fn a_link_to_a_provider_is_taken_away(db: TestDb) {
    let admin = Admin::start(db).await;
    let unlink = async |id: &str| {
        let path = format!("/social/identity/{id}");
        admin.send("DELETE", &path, None).await
    };
    let list = admin.get("/social/connectors").await;
    assert_eq!(list.with(200), json!([]));
    unlink("nobody").await.failed(404, "entity.not_found");
    let connector = identity::connector::Connector {
        id: "git123456789".to_owned(),
        factory: "github-universal".to_owned(),
        target: "github".to_owned(),
        name: identity::connector::Names::default(),
        logo: None,
        logo_dark: None,
        config: Map::from_iter([
            ("clientId".to_owned(), json!("client")),
            ("clientSecret".to_owned(), json!("swordfish")),
        ]),
        sync_profile: false,
        stores_tokens: false,
    };
    let (app, id) = (&admin.server.app, administrator().id);
    let identity = identity::user::SocialIdentity {
        user_id: "octocat".to_owned(),
        details: Map::new(),
    };
    let shown = json!({ "socialSignInConnectorTargets": ["github"] });
    let mut tx = app.db().begin().await.unwrap();
    store::connector::insert(&mut tx, app.vault(), ADMIN_TENANT, &connector, app.now())
        .await
        .unwrap();
    store::user::link(&mut tx, ADMIN_TENANT, &id, "github", &identity, app.now())
        .await
        .unwrap();
    store::sign_in_experience::set(&mut tx, ADMIN_TENANT, &shown)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    let list = admin.get("/social/connectors").await.with(200);
    assert_eq!(list[0]["id"], "git123456789");
    assert!(!list.to_string().contains("swordfish"), "t55");
    unlink("git123456789").await.with(204);
    assert_eq!(admin.get("").await.with(200)["identities"], json!({}));
    let again = unlink("git123456789").await;
    again.failed(404, "user.identity_not_exist");
}

/// A provider that vouches for number 42, and its connector.
async fn connect(admin: &Admin) {
    let address = provider::start(json!({ "c": { "id": 42, "name": "Ann" } })).await;
    provider::connect(&admin.server.app, ADMIN_TENANT, &address).await;
}

async fn an_account_is_linked_with_a_provider(db: TestDb) {
    let admin = Admin::start(db).await;
    connect(&admin).await;
    let begin = json!({ "connectorId": "acme12345678", "state": "s", "redirectUri": "http://admin.test/console/back" });
    let path = "/social/authorization-uri";
    let sent = admin.post(path, begin).await.with(200);
    let sent = url::Url::parse(sent["redirectTo"].as_str().unwrap()).unwrap();
    let query = |name: &str| {
        let mut pairs = sent.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(query("state").as_deref(), Some("s"));
    let back = Some("http://admin.test/console/back");
    assert_eq!(query("redirect_uri").as_deref(), back);
    let link = "/social/link-identity";
    admin.post(link, returned("c")).await.with(204);
    let me = admin.get("").await.with(200);
    assert_eq!(me["identities"]["acme"]["userId"], "42");
    let unknown = json!({ "connectorId": "nobody", "connectorData": {} });
    let refused = admin.post(link, unknown).await;
    refused.failed(404, "entity.not_found");
    let no_code = json!({ "connectorId": "acme12345678", "connectorData": {} });
    let refused = admin.post(link, no_code).await;
    assert!(matches!(refused.status, 400 | 401), "{}", refused.body);
}

async fn t32_an_identity_of_somebody_else_is_not_taken(db: TestDb) {
    let admin = Admin::start(db).await;
    connect(&admin).await;
    let other = User {
        id: "other1234567".to_owned(),
        username: Some("other".to_owned()),
        ..administrator()
    };
    let identity = identity::user::SocialIdentity {
        user_id: "42".to_owned(),
        details: Map::new(),
    };
    let app = &admin.server.app;
    let mut tx = app.db().begin().await.unwrap();
    store::user::insert(&mut tx, ADMIN_TENANT, &other, UsernameCase::Sensitive)
        .await
        .unwrap();
    let now = app.now();
    store::user::link(&mut tx, ADMIN_TENANT, &other.id, "acme", &identity, now)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    let refused = admin.post("/social/link-identity", returned("c")).await;
    refused.failed(422, "user.identity_already_in_use");
    assert_eq!(admin.get("").await.with(200)["identities"], json!({}));
}

async fn bad_changes_are_refused(db: TestDb) {
    let admin = Admin::start(db).await;
    for (change, code) in [
        (json!({ "username": "" }), "guard.invalid_input"),
        (
            json!({ "username": "1st" }),
            "user.username_invalid_charset_hard",
        ),
        (json!({ "name": 7 }), "guard.invalid_input"),
        (json!({ "name": "n".repeat(129) }), "guard.invalid_input"),
        (json!({ "name": "a\u{0}" }), "guard.invalid_input"),
        (
            json!({ "avatar": "javascript:alert(1)" }),
            "guard.invalid_input",
        ),
        (json!({ "primaryEmail": "ann" }), "user.invalid_email"),
    ] {
        let refused = admin.patch("", change.clone()).await;
        assert_eq!(refused.body["code"], code, "{change}");
        assert!(matches!(refused.status, 400 | 422), "{change}");
    }
    for (path, body) in [
        ("/password", json!({})),
        ("/password/verify", json!({ "password": "" })),
        ("/verification-codes", json!({ "email": "ann" })),
        ("/verification-codes/verify", json!({ "email": "a@b.c" })),
    ] {
        let refused = admin.post(path, body).await;
        refused.failed(400, "guard.invalid_input");
    }
}
