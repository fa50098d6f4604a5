//! `/hooks` and what they are told (`contract/logto-api.md` §5.1, `contract/logto-core.md` §9.1).

use std::time::Duration;

use serde_json::{Value, json};
use server::{
    hook::{Event, enqueue},
    job,
};
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    receiver::{Call, Receiver},
};

on_both!(
    a_hook_is_made_changed_and_deleted,
    what_cannot_be_a_hook_is_refused,
    lists_come_with_pages_and_counts,
    a_change_is_told_signed_and_logged,
    what_is_not_taken_is_tried_again_until_it_is_dead,
    what_concerns_one_subject_is_told_in_order,
    a_node_that_dies_gives_back_what_it_took,
    a_hook_that_hangs_holds_up_no_other,
    a_hook_that_is_off_is_told_later,
    an_address_is_tried_out,
    private_addresses_are_not_called,
    nothing_is_told_of_what_did_not_happen,
);

async fn start(db: TestDb) -> (Manager, Receiver) {
    let allow = [("HUFU_OUTBOUND_ALLOW", "127.0.0.1")];
    (
        Manager::start_with(db, &allow).await,
        Receiver::start().await,
    )
}

async fn make(manager: &Manager, url: &str, events: &[&str]) -> Value {
    let body = json!({ "name": "hook", "events": events, "config": { "url": url } });
    manager.post("/hooks", &body).await.with(201)
}

fn path(hook: &Value, rest: &str) -> String {
    format!("/hooks/{}{rest}", hook["id"].as_str().unwrap())
}

/// Tells the hooks that want `User.Data.Updated` of this, about `subject`.
async fn happen(manager: &Manager, subject: &str, data: Value) {
    let app = &manager.server.app;
    let tenant = app.tenant("default").unwrap();
    let told = json!({ "data": data }).as_object().unwrap().clone();
    let mut tx = app.db().begin().await.unwrap();
    enqueue(app, &mut tx, &tenant, Event::UserDataUpdated, subject, told)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn deliver(manager: &Manager) -> usize {
    job::hook::once(&manager.server.app).await.unwrap()
}

fn data(calls: &[Call]) -> Vec<i64> {
    let calls = calls.iter();
    calls
        .map(|call| call.body["data"].as_i64().unwrap())
        .collect()
}

async fn a_hook_is_made_changed_and_deleted(db: TestDb) {
    let (manager, _) = start(db).await;
    let body = json!({
        "name": "mine",
        "events": ["User.Created", "PostSignIn", "User.Created"],
        "config": { "url": "https://a.test/x", "headers": { "authorization": "Bearer x" }, "retries": 2 },
    });
    let made = manager.post("/hooks", &body).await.with(201);
    assert_eq!(
        made,
        json!({
            "tenantId": "default", "id": made["id"], "name": "mine", "event": null,
            "events": ["User.Created", "PostSignIn"],
            "config": { "url": "https://a.test/x", "headers": { "authorization": "••••••••" }, "retries": 2 },
            "signingKey": made["signingKey"], "enabled": true, "createdAt": 1_800_000_000_000_i64,
        })
    );
    assert_eq!(made["id"].as_str().unwrap().len(), 21);
    assert_eq!(made["signingKey"].as_str().unwrap().len(), 32);
    assert_eq!(manager.get(&path(&made, "")).await.with(200), made);

    let change =
        json!({ "event": "PostRegister", "config": { "url": "http://b.test" }, "enabled": false });
    let changed = manager.patch(&path(&made, ""), &change).await.with(200);
    assert_eq!(changed["event"], "PostRegister");
    assert_eq!(changed["events"], made["events"], "left as they were");
    assert_eq!(
        changed["config"],
        json!({ "url": "http://b.test" }),
        "replaced"
    );
    assert_eq!(changed["enabled"], false);
    let cleared = manager
        .patch(&path(&made, ""), &json!({ "event": null }))
        .await
        .with(200);
    assert_eq!(cleared["event"], Value::Null);

    let rolled = manager
        .send("PATCH", &path(&made, "/signing-key"), None)
        .await;
    let rolled = rolled.with(200);
    assert_ne!(rolled["signingKey"], made["signingKey"]);
    assert_eq!(manager.get(&path(&made, "")).await.with(200), rolled);

    manager.delete(&path(&made, "")).await.with(204);
    let id = path(&made, "");
    manager
        .get(&id)
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .patch(&id, &json!({}))
        .await
        .failed(404, "entity.not_exists");
    let key = path(&made, "/signing-key");
    manager
        .patch(&key, &json!({}))
        .await
        .failed(404, "entity.not_exists");
    manager.delete(&id).await.failed(404, "entity.not_found");
}

async fn what_cannot_be_a_hook_is_refused(db: TestDb) {
    let (manager, _) = start(db).await;
    let good = json!({ "url": "https://a.test" });
    manager
        .post("/hooks", &json!({ "config": good }))
        .await
        .failed(400, "hook.missing_events");
    let events = json!(["PostSignIn"]);
    for body in [
        json!({ "events": events }),
        json!({ "events": [], "config": good }),
        json!({ "events": ["User.Sneezed"], "config": good }),
        json!({ "events": "PostSignIn", "config": good }),
        json!({ "event": 7, "config": good }),
        json!({ "events": events, "config": good, "name": "" }),
        json!({ "events": events, "config": good, "name": "a".repeat(257) }),
        json!({ "events": events, "config": good, "name": "a\u{0}" }),
        json!({ "events": events, "config": good, "enabled": "yes" }),
        json!({ "events": events, "config": {} }),
        json!({ "events": events, "config": { "url": "ftp://a.test" } }),
        json!({ "events": events, "config": { "url": "a.test" } }),
        json!({ "events": events, "config": { "url": "https://u:p@a.test" } }),
        json!({ "events": events, "config": { "url": "https://a.test", "retries": 4 } }),
        json!({ "events": events, "config": { "url": "https://a.test", "retries": -1 } }),
        json!({ "events": events, "config": { "url": "https://a.test", "headers": { "a b": "c" } } }),
        json!({ "events": events, "config": { "url": "https://a.test", "headers": { "host": "c" } } }),
        json!({ "events": events, "config": { "url": "https://a.test", "headers": { "a": 1 } } }),
        json!([]),
    ] {
        manager
            .post("/hooks", &body)
            .await
            .failed(400, "guard.invalid_input");
    }
    let old = json!({ "event": "PostSignIn", "config": good });
    let made = manager.post("/hooks", &old).await.with(201);
    assert_eq!(
        (&made["event"], &made["name"]),
        (&json!("PostSignIn"), &json!(""))
    );
    manager
        .patch(&path(&made, ""), &json!({ "events": [] }))
        .await
        .failed(400, "guard.invalid_input");
}

async fn lists_come_with_pages_and_counts(db: TestDb) {
    let (mut manager, receiver) = start(db).await;
    let first = make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    manager.server.advance(1);
    let second = make(&manager, &receiver.url, &["PostSignIn"]).await;
    let all = manager.get("/hooks").await;
    assert!(!all.headers.contains_key("total-number"));
    assert_eq!(all.with(200), json!([second, first]));
    let page = manager.get("/hooks?page=2&page_size=1").await;
    assert_eq!(page.header("total-number"), "2");
    assert_eq!(page.with(200), json!([first]));

    receiver.answer(&[400]);
    for number in 0..3 {
        happen(&manager, "ann", json!(number)).await;
    }
    deliver(&manager).await;
    let counted = manager
        .get("/hooks?includeExecutionStats=true")
        .await
        .with(200);
    assert_eq!(
        counted[0]["executionStats"],
        json!({ "successCount": 0, "requestCount": 0 })
    );
    let stats = json!({ "successCount": 2, "requestCount": 3 });
    assert_eq!(counted[1]["executionStats"], stats);
    let one = manager
        .get(&path(&first, "?includeExecutionStats=0"))
        .await
        .with(200);
    assert_eq!(one["executionStats"], stats, "any value says yes");
    manager.server.advance(86_401);
    manager.renew().await;
    let later = manager
        .get(&path(&first, "?includeExecutionStats=1"))
        .await
        .with(200);
    assert_eq!(later["executionStats"]["requestCount"], 0);
}

async fn a_change_is_told_signed_and_logged(db: TestDb) {
    let (manager, receiver) = start(db).await;
    let body = json!({
        "events": ["Role.Created"],
        "config": { "url": receiver.url, "headers": { "x-own": "1", "user-agent": "ours" } },
    });
    let hook = manager.post("/hooks", &body).await.with(201);
    make(&manager, &receiver.url, &["Role.Deleted"]).await;
    let role = json!({ "name": "r", "description": "d" });
    let role = manager.post("/roles", &role).await.with(200);
    assert_eq!(deliver(&manager).await, 1);

    let [call] = receiver.calls().try_into().unwrap();
    assert!(call.is_signed_with(hook["signingKey"].as_str().unwrap()));
    assert!(!call.is_signed_with("another"));
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(call.header("user-agent"), "ours");
    assert_eq!(call.header("x-own"), "1");
    let told = json!({
        "hookId": hook["id"], "event": "Role.Created", "createdAt": "2027-01-15T08:00:00.000Z",
        "ip": "127.0.0.1", "userAgent": null, "path": "/api/roles", "method": "POST", "status": 200,
        "params": {}, "matchedRoute": "/roles", "data": role,
    });
    assert_eq!(call.body, told);

    let logs = manager.get(&path(&hook, "/recent-logs")).await;
    assert_eq!(logs.header("total-number"), "1");
    let [log] = logs
        .with(200)
        .as_array()
        .unwrap()
        .clone()
        .try_into()
        .unwrap();
    assert!(log.get("tenantId").is_none());
    assert_eq!(log["key"], "TriggerHook.Role.Created");
    assert_eq!(
        log["payload"],
        json!({
            "key": "TriggerHook.Role.Created", "result": "Success", "hookId": hook["id"], "attempt": 1,
            "hookRequest": { "body": told }, "response": { "statusCode": 200, "body": { "got": "it" } },
        })
    );
    let of_others = manager.get("/logs?logKey=TriggerHook.Role.Created").await;
    assert_eq!(of_others.header("total-number"), "0", "no audit log");
}

async fn what_is_not_taken_is_tried_again_until_it_is_dead(db: TestDb) {
    let (mut manager, receiver) = start(db).await;
    let hook = make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    receiver.answer(&[500, 302, 503, 500]);
    happen(&manager, "ann", json!(1)).await;
    for pause in [10, 60, 600] {
        assert_eq!(deliver(&manager).await, 1);
        manager.server.advance(pause - 1);
        assert_eq!(deliver(&manager).await, 0, "not yet");
        manager.server.advance(1);
    }
    assert_eq!(deliver(&manager).await, 1);
    manager.server.advance(100_000);
    assert_eq!(deliver(&manager).await, 0, "given up");
    manager.renew().await;
    let calls = receiver.calls();
    assert_eq!(data(&calls), [1, 1, 1, 1]);
    assert!(
        calls.iter().all(|call| call.raw == calls[0].raw),
        "the same bytes"
    );

    let logs = manager
        .get(&path(&hook, "/recent-logs?start_time=0"))
        .await
        .with(200);
    let logs = logs.as_array().unwrap();
    assert_eq!(logs.len(), 4);
    assert!(logs.iter().all(|log| log["payload"]["result"] == "Error"));
    let dead: Vec<_> = logs.iter().map(|log| &log["payload"]["dead"]).collect();
    assert_eq!(
        dead,
        [&json!(true), &Value::Null, &Value::Null, &Value::Null]
    );
    assert_eq!(logs[0]["payload"]["response"]["statusCode"], 500);

    receiver.answer(&[400]);
    happen(&manager, "ann", json!(2)).await;
    assert_eq!(deliver(&manager).await, 1);
    manager.server.advance(100_000);
    assert_eq!(deliver(&manager).await, 0, "it was refused for good");
}

async fn what_concerns_one_subject_is_told_in_order(db: TestDb) {
    let (manager, receiver) = start(db).await;
    make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    for number in 1..=5 {
        happen(&manager, "ann", json!(number)).await;
    }
    receiver.answer(&[200, 500]);
    assert_eq!(deliver(&manager).await, 2, "3 to 5 wait for 2");
    happen(&manager, "bob", json!(10)).await;
    assert_eq!(deliver(&manager).await, 1);
    manager.server.advance(10);
    assert_eq!(deliver(&manager).await, 4);
    assert_eq!(data(&receiver.calls()), [1, 2, 10, 2, 3, 4, 5]);
}

async fn a_node_that_dies_gives_back_what_it_took(db: TestDb) {
    let (manager, receiver) = start(db).await;
    let hook = make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    happen(&manager, "ann", json!(1)).await;
    happen(&manager, "ann", json!(2)).await;
    let app = &manager.server.app;
    let waiting = store::hook_delivery::Waiting {
        tenant_id: "default".to_owned(),
        hook_id: hook["id"].as_str().unwrap().to_owned(),
    };
    // The other node takes the first event and is gone.
    let mut tx = app.db().begin().await.unwrap();
    let taken = store::hook_delivery::claim(&mut tx, &waiting, 10, 60, app.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(deliver(&manager).await, 0, "it may still be under way");
    manager.server.advance(60);
    assert_eq!(deliver(&manager).await, 2);
    assert_eq!(data(&receiver.calls()), [1, 2]);
}

async fn a_hook_that_hangs_holds_up_no_other(db: TestDb) {
    let (manager, good) = start(db).await;
    let hanging = Receiver::start().await;
    hanging.answer(&[0; 100]);
    make(&manager, &hanging.url, &["User.Data.Updated"]).await;
    make(&manager, &good.url, &["User.Data.Updated"]).await;
    for number in 0..50 {
        happen(&manager, &format!("user{number}"), json!(number)).await;
    }
    let app = manager.server.app.clone();
    let job = tokio::spawn(async move { job::hook::once(&app).await });
    let mut told = Vec::new();
    for _ in 0..500 {
        told.extend(data(&good.calls()));
        if told.len() == 50 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!job.is_finished());
    job.abort();
    assert_eq!(told.len(), 50);
    assert_eq!(hanging.calls().len(), 10, "its own slots and no more");
}

async fn a_hook_that_is_off_is_told_later(db: TestDb) {
    let (manager, receiver) = start(db).await;
    let hook = make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    happen(&manager, "ann", json!(1)).await;
    let switch = async |on: bool| {
        let body = json!({ "enabled": on });
        manager.patch(&path(&hook, ""), &body).await.with(200);
    };
    switch(false).await;
    happen(&manager, "ann", json!(2)).await;
    assert_eq!(deliver(&manager).await, 0);
    switch(true).await;
    assert_eq!(deliver(&manager).await, 1);
    assert_eq!(data(&receiver.calls()), [1], "nobody wanted the second");
}

async fn an_address_is_tried_out(db: TestDb) {
    let (manager, receiver) = start(db).await;
    let hook = make(&manager, "https://a.test", &["PostSignIn"]).await;
    let test = path(&hook, "/test");
    let body =
        json!({ "events": ["PostSignIn", "User.Data.Updated"], "config": { "url": receiver.url } });
    manager.post(&test, &body).await.with(204);
    let mut calls = receiver.calls();
    calls.sort_by_key(|call| call.body["event"].to_string());
    assert_eq!(calls[0].body["event"], "PostSignIn");
    assert_eq!(calls[1].body["event"], "User.Data.Updated");
    let key = hook["signingKey"].as_str().unwrap();
    assert!(calls.iter().all(|call| call.is_signed_with(key)));

    receiver.answer(&[418, 418]);
    let refused = manager.post(&test, &body).await;
    let refused = refused.failed(422, "hook.endpoint_responded_with_error");
    assert_eq!(
        refused["data"],
        json!({ "responseStatus": 418, "responseBody": r#"{"got":"it"}"# })
    );
    let nobody = json!({ "events": ["PostSignIn"], "config": { "url": "http://127.0.0.1:1/" } });
    manager
        .post(&test, &nobody)
        .await
        .failed(422, "hook.send_test_payload_failed");
    manager
        .post("/hooks/none/test", &body)
        .await
        .failed(404, "entity.not_exists_with_id");
    let none = json!({ "events": [], "config": { "url": receiver.url } });
    manager
        .post(&test, &none)
        .await
        .failed(400, "guard.invalid_input");
    assert_eq!(deliver(&manager).await, 0, "nothing is tried again");
}

async fn private_addresses_are_not_called(db: TestDb) {
    let manager = Manager::start(db).await;
    let receiver = Receiver::start().await;
    let hook = make(&manager, &receiver.url, &["User.Data.Updated"]).await;
    happen(&manager, "ann", json!(1)).await;
    assert_eq!(deliver(&manager).await, 1);
    assert!(receiver.calls().is_empty());
    let logs = manager.get(&path(&hook, "/recent-logs")).await.with(200);
    let error = logs[0]["payload"]["error"].as_str().unwrap();
    assert!(error.contains("HUFU_OUTBOUND_ALLOW"), "{error}");
}

async fn nothing_is_told_of_what_did_not_happen(db: TestDb) {
    let (manager, receiver) = start(db).await;
    make(&manager, &receiver.url, &["Role.Created"]).await;
    let role = json!({ "name": "r", "description": "d" });
    manager.post("/roles", &role).await.with(200);
    manager
        .post("/roles", &role)
        .await
        .failed(422, "role.name_in_use");
    deliver(&manager).await;
    assert_eq!(receiver.events(), ["Role.Created"]);
}
