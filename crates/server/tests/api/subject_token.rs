//! `/subject-tokens` (`contract/logto-api.md` §5.5).

use serde_json::json;
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    support::{ANN, API, decoded},
};

on_both!(
    a_subject_token_is_exchanged_once,
    what_cannot_be_made_is_refused,
);

async fn a_subject_token_is_exchanged_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let switch = json!({ "customClientMetadata": { "allowTokenExchange": true } });
    manager.patch("/applications/chat", &switch).await.with(200);
    let body = json!({ "userId": ANN, "context": { "ticket": 7 } });
    let made = manager.post("/subject-tokens", &body).await.with(201);
    assert_eq!(made["expiresIn"], 600);
    let token = made["subjectToken"].as_str().unwrap();
    assert!(token.starts_with("sub_") && token.len() == 25, "{token}");
    let form = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("subject_token", token),
        (
            "subject_token_type",
            "urn:logto:token-type:impersonation_token",
        ),
        ("resource", API),
        ("scope", "read"),
    ];
    let tokens = manager.server.token("chat", &form).await.ok();
    let told = decoded(&tokens["access_token"]).1;
    assert_eq!(
        (&told["sub"], &told["scope"]),
        (&json!(ANN), &json!("read"))
    );
    let again = manager.server.token("chat", &form).await;
    again.refused(400, "invalid_grant");
}

async fn what_cannot_be_made_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for (body, status, code) in [
        (json!({}), 400, "guard.invalid_input"),
        (json!({ "userId": "" }), 400, "guard.invalid_input"),
        (json!({ "userId": 7 }), 400, "guard.invalid_input"),
        (json!({ "userId": "a\u{0}" }), 400, "guard.invalid_input"),
        (
            json!({ "userId": ANN, "context": 7 }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "userId": ANN, "context": [] }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "userId": "nobody" }),
            404,
            "entity.relation_foreign_key_not_found",
        ),
    ] {
        let answer = manager.post("/subject-tokens", &body).await;
        answer.failed(status, code);
    }
}
