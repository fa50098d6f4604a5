//! `/configs/actions` (`contract/logto-api.md` §5.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

const FIRST: &str = "/configs/actions/action.postFirstFactorVerification";
const SIGN_IN: &str = "/configs/actions/action.postSignIn";
const TEST: &str = "/configs/actions/test";

on_both!(
    an_action_is_put_changed_and_taken_away,
    what_is_not_an_action_is_refused,
    an_action_is_tried_out,
);

async fn an_action_is_put_changed_and_taken_away(db: TestDb) {
    let manager = Manager::start(db).await;
    for answer in [
        manager.get(SIGN_IN).await,
        manager.patch(SIGN_IN, &json!({ "enabled": true })).await,
    ] {
        answer.failed(404, "entity.not_exists_with_id");
    }
    manager
        .delete(SIGN_IN)
        .await
        .failed(404, "entity.not_found");
    let full = json!({
        "script": "a", "environmentVariables": { "KEY": "value" }, "contextSample": {}, "enabled": true,
        "onExecutionError": "allow",
    });
    assert_eq!(manager.put(SIGN_IN, &full).await.with(201), full);
    assert_eq!(manager.put(SIGN_IN, &full).await.with(200), full);
    let change = json!({ "enabled": false });
    let changed = manager.patch(SIGN_IN, &change).await.with(200);
    assert_eq!(
        (&changed["enabled"], &changed["script"]),
        (&json!(false), &json!("a"))
    );
    let first = json!({ "script": "b" });
    manager.put(FIRST, &first).await.with(201);
    assert_eq!(
        manager.get("/configs/actions").await.with(200),
        json!([
            { "key": "action.postFirstFactorVerification", "value": first },
            { "key": "action.postSignIn", "value": changed },
        ])
    );
    manager.delete(SIGN_IN).await.with(204);
    manager
        .get(SIGN_IN)
        .await
        .failed(404, "entity.not_exists_with_id");
}

async fn what_is_not_an_action_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for body in [
        json!({}),
        json!({ "script": "a", "onExecutionError": "maybe" }),
        json!({ "script": "a", "enabled": 1 }),
        json!({ "script": "a", "more": 1 }),
    ] {
        manager
            .put(SIGN_IN, &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    let action = json!({ "script": "a" });
    manager
        .put("/configs/actions/action.postSignUp", &action)
        .await
        .failed(400, "guard.invalid_input");
}

async fn an_action_is_tried_out(db: TestDb) {
    let manager = Manager::start(db).await;
    let trial = |body: &str| {
        json!({
            "actionType": "action.postSignIn",
            "script": format!("const runAction = async ({{ event, environmentVariables }}) => {{ {body} }}"),
            "event": { "key": "PostSignIn" },
            "environmentVariables": { "KEY": "value" },
        })
    };
    for (body, status, answer) in [
        (
            "return { event, environmentVariables }",
            200,
            json!({ "event": { "key": "PostSignIn" }, "environmentVariables": { "KEY": "value" } }),
        ),
        ("return null", 200, Value::Null),
        ("return 'a'", 200, json!("a")),
        ("", 204, json!("")),
    ] {
        let told = manager.post(TEST, &trial(body)).await.with(status);
        if status == 200 {
            assert_eq!(told, answer, "{body}");
        }
    }
    for body in ["}", "throw new Error('no')", "api.denyAccess()"] {
        manager
            .post(TEST, &trial(body))
            .await
            .failed(422, "action.general");
    }
}
