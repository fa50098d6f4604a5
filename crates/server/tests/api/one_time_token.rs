//! `/one-time-tokens` (`contract/logto-api.md` §5.5).

use serde_json::{Value, json};
use store::{Vault, on_both, seed::ADMIN_TENANT, testing::TestDb};

use crate::manager::Manager;

on_both!(
    a_token_is_made_shown_used_and_deleted,
    a_token_is_listed_by_address_and_status,
    t12_parallel_uses_give_one_success,
    t56_tokens_of_another_tenant_are_unknown,
    a_token_is_stored_sealed,
    bad_tokens_are_refused,
    a_token_is_taken_back,
);

const PATH: &str = "/one-time-tokens";
const ANN: &str = "Ann@Example.com";

async fn made(manager: &Manager, email: &str) -> Value {
    let new = json!({ "email": email });
    manager.post(PATH, &new).await.with(201)
}

fn proof(token: &Value, email: &str) -> Value {
    json!({ "token": token["token"], "email": email })
}

async fn a_token_is_made_shown_used_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let now = manager.server.now().0 * 1000;
    let organization = json!({ "name": "Acme" });
    let organization = manager
        .post("/organizations", &organization)
        .await
        .with(201);
    let context =
        json!({ "jitOrganizationIds": [organization["id"]], "interactionEvent": "Register" });
    let new = json!({ "email": ANN, "expiresIn": 60, "context": context });
    let token = manager.post(PATH, &new).await.with(201);
    assert_eq!(
        token,
        json!({ "tenantId": "default", "id": token["id"], "email": ANN, "token": token["token"],
            "context": context, "status": "active", "createdAt": now, "expiresAt": now + 60_000 })
    );
    assert_eq!(token["token"].as_str().unwrap().len(), 32);
    let path = format!("{PATH}/{}", token["id"].as_str().unwrap());
    assert_eq!(manager.get(&path).await.with(200), token);
    let verify = format!("{PATH}/verify");
    let wrong = manager
        .post(&verify, &proof(&token, "eve@example.com"))
        .await;
    wrong.failed(400, "one_time_token.email_mismatch");
    let right = proof(&token, "ann@example.com");
    let mut expected = token.clone();
    expected["status"] = json!("consumed");
    assert_eq!(manager.post(&verify, &right).await.with(200), expected);
    let again = manager.post(&verify, &right).await;
    again.failed(400, "one_time_token.token_consumed");
    assert_eq!(manager.get(&path).await.with(200), expected);
    manager.delete(&path).await.with(204);
    manager.delete(&path).await.failed(404, "entity.not_found");
    let gone = manager.get(&path).await;
    gone.failed(404, "entity.not_exists_with_id");
    let unknown = manager.post(&verify, &right).await;
    unknown.failed(404, "one_time_token.token_not_found");
    assert_eq!(made(&manager, ANN).await["expiresAt"], now + 600_000);
}

async fn a_token_is_listed_by_address_and_status(db: TestDb) {
    let manager = Manager::start(db).await;
    let old = made(&manager, ANN).await;
    manager.server.advance(600);
    let bob = made(&manager, "bob@example.com").await;
    manager.server.advance(1);
    let ann = made(&manager, ANN).await;
    let listed = async |query: &str| -> Vec<String> {
        let answer = manager.get(&format!("{PATH}?{query}")).await.with(200);
        let rows = answer.as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let ids = |tokens: &[&Value]| -> Vec<String> {
        let ids = tokens.iter().map(|token| token["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    };
    assert_eq!(listed("").await, ids(&[&ann, &bob, &old]));
    assert_eq!(listed("email=ann@EXAMPLE.com").await, ids(&[&ann, &old]));
    assert_eq!(listed("status=expired").await, ids(&[&old]));
    let query = "status=active&email=bob@example.com";
    assert_eq!(listed(query).await, ids(&[&bob]));
    assert_eq!(listed("status=consumed").await, ids(&[]));
    let page = manager
        .get(&format!("{PATH}?status=expired&page=1&page_size=1"))
        .await;
    assert_eq!(page.header("total-number"), "3");
    assert_eq!(page.with(200)[0]["status"], "expired");
    let refused = manager.get(&format!("{PATH}?status=lost")).await;
    refused.failed(400, "guard.invalid_input");
}

async fn t12_parallel_uses_give_one_success(db: TestDb) {
    let manager = Manager::start(db).await;
    let token = made(&manager, ANN).await;
    let (verify, body) = (format!("{PATH}/verify"), proof(&token, ANN));
    let answers = (0..50).map(|_| manager.post(&verify, &body));
    let answers = futures_util::future::join_all(answers).await;
    let (used, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(used.len(), 1);
    for answer in refused {
        answer.failed(400, "one_time_token.token_consumed");
    }
}

async fn t56_tokens_of_another_tenant_are_unknown(db: TestDb) {
    let manager = Manager::start(db).await;
    let (app, now) = (&manager.server.app, manager.server.now());
    let token = identity::one_time_token::OneTimeToken {
        id: "foreign".to_owned(),
        email: ANN.to_owned(),
        token: protocol::secret::Secret::new("foreign-token"),
        context: identity::one_time_token::Context::default(),
        status: identity::one_time_token::Status::Active,
        created_at: now,
        expires_at: now.plus(600),
    };
    let mut tx = app.db().begin().await.unwrap();
    store::one_time_token::insert(&mut tx, app.vault(), ADMIN_TENANT, &token)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
    assert_eq!(manager.get(PATH).await.with(200), json!([]));
    let path = format!("{PATH}/foreign");
    let refused = manager.get(&path).await;
    refused.failed(404, "entity.not_exists_with_id");
    let revoked = json!({ "status": "revoked" });
    let refused = manager.put(&format!("{path}/status"), &revoked).await;
    refused.failed(404, "entity.not_exists_with_id");
    manager.delete(&path).await.failed(404, "entity.not_found");
    let proof = json!({ "token": "foreign-token", "email": ANN });
    let refused = manager.post(&format!("{PATH}/verify"), &proof).await;
    refused.failed(404, "one_time_token.token_not_found");
    let vault = Vault::new([7; 32]).unwrap();
    let kept = store::one_time_token::find(app.db(), &vault, ADMIN_TENANT, "foreign").await;
    assert_eq!(kept.unwrap(), Some(token));
}

async fn a_token_is_stored_sealed(db: TestDb) {
    let manager = Manager::start(db).await;
    let token = made(&manager, ANN).await;
    let (app, id) = (&manager.server.app, token["id"].as_str().unwrap());
    let other_key = Vault::new([8; 32]).unwrap();
    let found = store::one_time_token::find(app.db(), &other_key, "default", id).await;
    assert!(found.is_err(), "without the key it cannot be read");
}

async fn bad_tokens_are_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let context = json!({ "jitOrganizationIds": ["nowhere"] });
    let nowhere = json!({ "email": ANN, "context": context });
    let refused = manager.post(PATH, &nowhere).await;
    refused.failed(422, "entity.relation_foreign_key_not_found");
    for new in [
        json!({}),
        json!({ "email": "ann" }),
        json!({ "email": null }),
        json!({ "email": format!("{}@example.com", "a".repeat(128)) }),
        json!({ "email": "a\u{0}@example.com" }),
        json!({ "email": ANN, "expiresIn": 0 }),
        json!({ "email": ANN, "expiresIn": 1.5 }),
        json!({ "email": ANN, "expiresIn": i64::MAX }),
        json!({ "email": ANN, "expiresIn": "600" }),
        json!({ "email": ANN, "context": [] }),
        json!({ "email": ANN, "context": { "interactionEvent": "Party" } }),
        json!({ "email": ANN, "context": { "jitOrganizationIds": "o1" } }),
        json!({ "email": ANN, "context": { "jitOrganizationIds": vec!["o"; 2001] } }),
    ] {
        let refused = manager.post(PATH, &new).await;
        assert_eq!(refused.status, 400, "{new}");
        refused.failed(400, "guard.invalid_input");
    }
    for proof in [json!({}), json!({ "token": "", "email": ANN })] {
        let refused = manager.post(&format!("{PATH}/verify"), &proof).await;
        refused.failed(400, "guard.invalid_input");
    }
}

async fn a_token_is_taken_back(db: TestDb) {
    let manager = Manager::start(db).await;
    let token = made(&manager, ANN).await;
    let path = format!("{PATH}/{}/status", token["id"].as_str().unwrap());
    let revoked = manager.put(&path, &json!({ "status": "revoked" })).await;
    assert_eq!(revoked.with(200)["status"], "revoked");
    let verify = format!("{PATH}/verify");
    let refused = manager.post(&verify, &proof(&token, ANN)).await;
    refused.failed(400, "one_time_token.token_revoked");
    let refused = manager.put(&path, &json!({ "status": "active" })).await;
    refused.failed(400, "one_time_token.cannot_reactivate_token");
    let refused = manager.put(&path, &json!({ "status": "gone" })).await;
    refused.failed(400, "guard.invalid_input");
    let unknown = format!("{PATH}/nobody/status");
    let refused = manager.put(&unknown, &json!({ "status": "revoked" })).await;
    refused.failed(404, "entity.not_exists_with_id");
    let late = made(&manager, ANN).await;
    manager.server.advance(600);
    let refused = manager.post(&verify, &proof(&late, ANN)).await;
    refused.failed(400, "one_time_token.token_expired");
}
