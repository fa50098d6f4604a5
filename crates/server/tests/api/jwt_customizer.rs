//! `/configs/jwt-customizer` (`contract/logto-api.md` §5.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    support::{API, decoded},
};

const USERS: &str = "/configs/jwt-customizer/access-token";
const CLIENTS: &str = "/configs/jwt-customizer/client-credentials";
const TEST: &str = "/configs/jwt-customizer/test";

on_both!(
    a_script_is_put_changed_and_taken_away,
    what_is_not_a_script_is_refused,
    a_script_is_tried_out,
    what_goes_wrong_in_a_script_is_told_to_its_author,
    a_script_that_was_put_works_at_once,
);

async fn a_script_is_put_changed_and_taken_away(db: TestDb) {
    let manager = Manager::start(db).await;
    manager
        .get(USERS)
        .await
        .failed(404, "entity.not_exists_with_id");
    assert_eq!(
        manager.get("/configs/jwt-customizer").await.with(200),
        json!([])
    );
    let script = json!({ "script": "a" });
    manager
        .patch(USERS, &script)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager.delete(USERS).await.failed(404, "entity.not_found");

    assert_eq!(manager.put(USERS, &script).await.with(201), script);
    let full = json!({
        "script": "b", "environmentVariables": { "KEY": "value" }, "contextSample": { "user": {} },
        "tokenSample": { "aud": "x" }, "blockIssuanceOnError": true,
    });
    assert_eq!(manager.put(USERS, &full).await.with(200), full);
    assert_eq!(manager.get(USERS).await.with(200), full);
    manager
        .get(CLIENTS)
        .await
        .failed(404, "entity.not_exists_with_id");

    let change = json!({ "script": "c", "blockIssuanceOnError": false });
    let changed = manager.patch(USERS, &change).await.with(200);
    assert_eq!(changed["script"], "c");
    assert_eq!(changed["blockIssuanceOnError"], false);
    assert_eq!(
        changed["environmentVariables"],
        full["environmentVariables"]
    );
    manager.put(CLIENTS, &script).await.with(201);
    assert_eq!(
        manager.get("/configs/jwt-customizer").await.with(200),
        json!([{ "key": "jwt.accessToken", "value": changed }, { "key": "jwt.clientCredentials", "value": script }])
    );
    manager.delete(USERS).await.with(204);
    manager
        .get(USERS)
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn what_is_not_a_script_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for body in [
        json!({}),
        json!({ "script": 7 }),
        json!({ "script": "a", "more": 1 }),
        json!({ "script": "a", "environmentVariables": { "KEY": 1 } }),
        json!({ "script": "a", "contextSample": [] }),
        json!({ "script": "a", "blockIssuanceOnError": "yes" }),
        json!({ "script": "a\u{0}" }),
        json!([]),
    ] {
        manager
            .put(USERS, &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    let script = json!({ "script": "a" });
    manager.put(USERS, &script).await.with(201);
    for body in [json!({}), json!({ "script": "a", "more": 1 })] {
        manager
            .patch(USERS, &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    for path in ["id-token", "Access-Token", "test%20"] {
        let path = format!("/configs/jwt-customizer/{path}");
        for answer in [
            manager.get(&path).await,
            manager.put(&path, &script).await,
            manager.patch(&path, &script).await,
            manager.delete(&path).await,
        ] {
            answer.failed(400, "guard.invalid_input");
        }
    }
}

/// A script with this body, to be tried out.
fn trial(body: &str) -> Value {
    json!({
        "tokenType": "access-token",
        "script": format!("const getCustomJwtClaims = async ({{ token, context, environmentVariables, api }}) => {{ {body} }}"),
        "environmentVariables": { "KEY": "value" },
        "token": { "aud": "https://api.test" },
        "context": { "user": { "id": "ann" } },
    })
}

async fn a_script_is_tried_out(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = "return { aud: token.aud, user: context.user.id, key: environmentVariables.KEY }";
    let claims = manager.post(TEST, &trial(body)).await.with(200);
    assert_eq!(
        claims,
        json!({ "aud": "https://api.test", "user": "ann", "key": "value" })
    );
    let least = json!({
        "tokenType": "client-credentials", "script": "getCustomJwtClaims = (x) => x", "token": {},
    });
    let claims = manager.post(TEST, &least).await.with(200);
    assert_eq!(
        claims,
        json!({ "token": {}, "context": {}, "environmentVariables": {}, "api": {} })
    );
    for (member, value) in [
        ("tokenType", json!("id-token")),
        ("token", json!("x")),
        ("context", json!([])),
        ("script", Value::Null),
        ("more", json!(1)),
    ] {
        let mut wrong = trial("return {}");
        wrong[member] = value;
        manager
            .post(TEST, &wrong)
            .await
            .failed(400, "guard.invalid_input");
    }
}

async fn what_goes_wrong_in_a_script_is_told_to_its_author(db: TestDb) {
    let manager = Manager::start(db).await;
    for (body, status, name, message) in [
        ("api.denyAccess('Not you')", 403, "AccessDenied", "Not you"),
        ("}", 422, "SyntaxError", "cannot be read"),
        ("return null.a", 422, "TypeError", "of null"),
        (
            "return nothing",
            422,
            "ReferenceError",
            "nothing is not defined",
        ),
        ("throw new Error('Oh')", 422, "Error", "Oh"),
        ("return 1", 400, "TypeError", "is a number"),
        ("", 400, "TypeError", "is undefined"),
        ("for (;;) {}", 500, "Timeout", "longer than"),
        (
            "return { a: new Array(2 ** 28).fill(1) }",
            500,
            "OutOfMemory",
            "64 MB",
        ),
    ] {
        let refused = manager
            .post(TEST, &trial(body))
            .await
            .failed(status, "jwt_customizer.general");
        let data = &refused["data"];
        assert_eq!(data["error"]["name"], name, "{body}: {data}");
        for said in [
            &data["message"],
            &data["error"]["message"],
            &refused["message"],
        ] {
            assert!(said.as_str().unwrap().contains(message), "{body}: {said}");
        }
    }
}

async fn a_script_that_was_put_works_at_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let script = json!({ "script": "const getCustomJwtClaims = () => ({ plan: 'gold' })" });
    manager.put(CLIENTS, &script).await.with(201);
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let tokens = manager.server.token("worker", &form).await.ok();
    assert_eq!(decoded(&tokens["access_token"]).1["plan"], "gold");
    manager.delete(CLIENTS).await.with(204);
    let tokens = manager.server.token("worker", &form).await.ok();
    assert_eq!(decoded(&tokens["access_token"]).1.get("plan"), None);
}
