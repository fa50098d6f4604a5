//! The device flow at the token endpoint (RFC 8628); the pages are in `tests/authorization/device.rs`.

use protocol::{record::Grant, secret::Secret};
use serde_json::{Value, json};
use server::random;
use store::{device_code, on_both, seed::DEFAULT_TENANT, testing::TestDb};

use crate::support::{ANN, API, Answer, ENDPOINT, TestServer, decoded};

on_both!(
    a_device_gets_tokens_once_the_person_agreed,
    a_device_hears_why_it_gets_nothing,
    only_devices_may_ask,
    a_device_signs_in_by_codes_alone,
    t10_a_device_code_is_its_clients,
    t12_parallel_polls_give_one_success_and_the_losers_revoke_it,
    t14_device_codes_and_others_do_not_interchange,
    t18_a_poll_for_a_suspended_user_gives_nothing,
    t17_a_poll_for_whom_the_application_keeps_out_gives_nothing,
);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A server whose application `native` is a device.
async fn start(db: &store::Db) -> TestServer {
    let server = TestServer::on(db.clone()).await;
    let switch = |application: &mut store::application::Application| {
        let rest = &mut application.custom_client_metadata.rest;
        rest.insert("isDeviceFlow".to_owned(), json!(true));
    };
    server.change("native", switch).await;
    server
}

impl TestServer {
    async fn begin_device(&self, scope: &str, resource: Option<&str>) -> Value {
        let mut form = vec![("client_id", "native"), ("scope", scope)];
        form.extend(resource.map(|resource| ("resource", resource)));
        self.post("/device/auth", &form, &[]).await.ok()
    }

    async fn poll(&self, client: &str, device_code: &str) -> Answer {
        let form = [("grant_type", GRANT), ("device_code", device_code)];
        self.token(client, &form).await
    }

    /// What the pages do once ann has agreed, or has not.
    async fn decide(&self, begun: &Value, agrees: bool) {
        let hash = Secret::new(code(begun)).hash();
        let user_code = begun["user_code"].as_str().unwrap().replace('-', "");
        let now = self.now();
        let mut tx = self.app.db().begin().await.unwrap();
        let user_code = Secret::new(user_code).hash();
        let waiting = device_code::waiting(&mut tx, DEFAULT_TENANT, &user_code, now).await;
        let waiting = waiting.unwrap().unwrap();
        assert_eq!(waiting.hash, hash);
        let grant = Grant {
            id: random::id(21),
            user_id: ANN.to_owned(),
            client_id: waiting.request.client_id,
            session_id: None,
            scope: waiting.request.scope,
            resources: waiting.request.resources,
            auth_time: now,
            nonce: None,
            claims: None,
            created_at: now,
            expires_at: now.plus(180 * 86_400),
        };
        let grant_id = agrees.then_some(&*grant.id);
        if agrees {
            store::grant::insert(&mut tx, DEFAULT_TENANT, &grant)
                .await
                .unwrap();
        }
        let decided = device_code::decide(&mut tx, DEFAULT_TENANT, &hash, grant_id, now).await;
        assert!(decided.unwrap());
        let again = device_code::decide(&mut tx, DEFAULT_TENANT, &hash, grant_id, now).await;
        assert!(!again.unwrap(), "the first decision stays");
        tx.commit().await.unwrap();
    }
}

fn code(begun: &Value) -> &str {
    begun["device_code"].as_str().unwrap()
}

async fn a_device_gets_tokens_once_the_person_agreed(db: TestDb) {
    let server = start(&db).await;
    let found = server.get("/oidc/.well-known/openid-configuration", &[]);
    let found = found.await.ok();
    let endpoint = format!("{ENDPOINT}/oidc/device/auth");
    assert_eq!(found["device_authorization_endpoint"], endpoint);
    let types = found["grant_types_supported"].as_array().unwrap();
    assert!(types.contains(&json!(GRANT)));

    let begun = server
        .begin_device("openid offline_access read", Some(API))
        .await;
    let user_code = begun["user_code"].as_str().unwrap();
    assert_eq!(
        begun,
        json!({
            "device_code": code(&begun), "user_code": user_code, "expires_in": 600, "interval": 5,
            "verification_uri": format!("{ENDPOINT}/device"),
            "verification_uri_complete": format!("{ENDPOINT}/device?user_code={user_code}"),
        })
    );
    assert_eq!((code(&begun).len(), user_code.len()), (43, 9));
    let answer = server.poll("native", code(&begun)).await;
    answer.refused(400, "authorization_pending");
    server.decide(&begun, true).await;
    let tokens = server.poll("native", code(&begun)).await.ok();
    assert_eq!(tokens["scope"], "openid offline_access read");
    let (_, told) = decoded(&tokens["access_token"]);
    assert_eq!((&told["sub"], &told["aud"]), (&json!(ANN), &json!(API)));
    assert_eq!(decoded(&tokens["id_token"]).1["sub"], ANN);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    server.refresh("native", refresh).await.ok();

    // A second use is a theft, and ends everything.
    let answer = server.poll("native", code(&begun)).await;
    answer.refused(400, "invalid_grant");
    let answer = server.refresh("native", refresh).await;
    answer.refused(400, "invalid_grant");
    db.remove().await;
}

async fn a_device_hears_why_it_gets_nothing(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid", None).await;
    let poll = async |error: &str| {
        let answer = server.poll("native", code(&begun)).await;
        answer.refused(400, error);
    };
    poll("authorization_pending").await;
    server.advance(4);
    poll("slow_down").await;
    server.advance(5);
    poll("authorization_pending").await;
    let other = server.begin_device("openid", None).await;
    server.decide(&other, false).await;
    let answer = server.poll("native", code(&other)).await;
    answer.refused(400, "access_denied");
    server.advance(591);
    poll("expired_token").await;
    for unknown in ["", "x", begun["user_code"].as_str().unwrap()] {
        let answer = server.poll("native", unknown).await;
        assert_eq!(answer.status, 400);
    }
    let form = [("grant_type", GRANT)];
    let answer = server.token("native", &form).await;
    answer.refused(400, "invalid_request");
    db.remove().await;
}

async fn only_devices_may_ask(db: TestDb) {
    let server = start(&db).await;
    for client in ["spa", "chat", "worker"] {
        let form = crate::support::with_client(client, &[("scope", "openid")]);
        let answer = server.post("/device/auth", &form, &[]).await;
        answer.refused(400, "unauthorized_client");
        let answer = server.poll(client, "x").await;
        answer.refused(400, "unauthorized_client");
    }
    for (form, error) in [
        (
            &[
                ("client_id", "native"),
                ("resource", "https://nowhere.test"),
            ][..],
            "invalid_target",
        ),
        (
            &[("client_id", "native"), ("prompt", "none")],
            "invalid_request",
        ),
    ] {
        let answer = server.post("/device/auth", form, &[]).await;
        answer.refused(400, error);
    }
    let answer = server.post("/device/auth", &[], &[]).await;
    assert_eq!(answer.status, 400);
    db.remove().await;
}

async fn a_device_signs_in_by_codes_alone(db: TestDb) {
    let server = start(&db).await;
    let code = server.code("native", "openid").await;
    let answer = server.redeem("native", &code).await;
    answer.refused(400, "unauthorized_client");
    db.remove().await;
}

async fn t10_a_device_code_is_its_clients(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid", None).await;
    server.decide(&begun, true).await;
    let mut tx = server.app.db().begin().await.unwrap();
    let found = store::application::find(&mut tx, DEFAULT_TENANT, "native").await;
    let mut other = found.unwrap().unwrap();
    "other device".clone_into(&mut other.id);
    store::application::insert(&mut tx, DEFAULT_TENANT, &other)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
    let answer = server.poll("other device", code(&begun)).await;
    answer.refused(400, "invalid_grant");
    server.poll("native", code(&begun)).await.ok();
    db.remove().await;
}

async fn t12_parallel_polls_give_one_success_and_the_losers_revoke_it(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid offline_access", None).await;
    server.decide(&begun, true).await;
    let attempts: Vec<_> = (0..50)
        .map(|_| {
            let (server, code) = (server.clone(), code(&begun).to_owned());
            tokio::spawn(async move { server.poll("native", &code).await })
        })
        .collect();
    let mut successes = Vec::new();
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        if answer.status == 200 {
            successes.push(answer.body);
        } else {
            answer.refused(400, "invalid_grant");
        }
    }
    assert_eq!(successes.len(), 1);
    let token = successes[0]["access_token"].as_str().unwrap();
    server.userinfo(token).await.refused(401, "invalid_token");
    db.remove().await;
}

async fn t14_device_codes_and_others_do_not_interchange(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid", None).await;
    server.decide(&begun, true).await;
    let device_code = code(&begun);
    let answer = server.redeem("chat", device_code).await;
    answer.refused(400, "invalid_grant");
    let answer = server.refresh("native", device_code).await;
    answer.refused(400, "invalid_grant");
    let answer = server.userinfo(device_code).await;
    answer.refused(401, "invalid_token");
    let authorization_code = server.code("chat", "openid").await;
    let answer = server.poll("native", &authorization_code).await;
    answer.refused(400, "invalid_grant");
    server.redeem("chat", &authorization_code).await.ok();
    server.poll("native", device_code).await.ok();
    db.remove().await;
}

async fn t18_a_poll_for_a_suspended_user_gives_nothing(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid", None).await;
    server.decide(&begun, true).await;
    server.suspend(ANN).await;
    let answer = server.poll("native", code(&begun)).await;
    answer.refused(400, "invalid_grant");
    db.remove().await;
}

async fn t17_a_poll_for_whom_the_application_keeps_out_gives_nothing(db: TestDb) {
    let server = start(&db).await;
    let begun = server.begin_device("openid", None).await;
    server.decide(&begun, true).await;
    let shut = |application: &mut store::application::Application| {
        application.access_control_enabled = true;
    };
    server.change("native", shut).await;
    let answer = server.poll("native", code(&begun)).await;
    answer.refused(400, "access_denied");
    db.remove().await;
}
