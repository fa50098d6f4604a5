//! `/sentinel-activities` and `/secrets` (`contract/logto-api.md` §5.3).

use identity::{identifier::bucket, user::User};
use serde_json::json;
use store::{
    failed_attempt::{self, Limit},
    on_both,
    testing::TestDb,
};

use crate::{manager::Manager, support::ANN};

on_both!(
    who_is_locked_out_is_let_in_again,
    others_stay_locked,
    bad_targets_are_refused,
    kept_tokens_that_do_not_exist_are_not_found,
);

const PATH: &str = "/sentinel-activities/delete";

async fn lock(manager: &Manager, bucket: &str) {
    let limit = Limit {
        failures: 1,
        window: 3600,
        lock: 3600,
    };
    let (app, now) = (&manager.server.app, manager.server.now());
    let mut tx = app.db().begin().await.unwrap();
    failed_attempt::record(&mut tx, "default", bucket, limit, now)
        .await
        .unwrap();
    app.commit(tx).await.unwrap();
}

async fn is_locked(manager: &Manager, bucket: &str) -> bool {
    let (app, now) = (&manager.server.app, manager.server.now());
    let until = failed_attempt::locked_until(app.db(), "default", bucket, now).await;
    until.unwrap().is_some()
}

async fn ann(manager: &Manager) -> User {
    let found = store::user::find(manager.server.app.db(), "default", ANN).await;
    found.unwrap().unwrap()
}

async fn who_is_locked_out_is_let_in_again(db: TestDb) {
    let manager = Manager::start(db).await;
    let ann = bucket(Some(&ann(&manager).await), "");
    let her_browser = format!("{ann}.browser");
    let nobody = bucket(None, "Nobody@Example.com");
    for targets in [
        json!(["ann"]),
        json!(["ANN@example.com"]),
        json!(["ann", "nobody@example.com"]),
    ] {
        for bucket in [&ann, &her_browser, &nobody] {
            lock(&manager, bucket).await;
        }
        let body = json!({ "targetType": "User", "targets": targets });
        manager.post(PATH, &body).await.with(204);
        assert!(!is_locked(&manager, &ann).await, "{targets}");
        assert!(!is_locked(&manager, &her_browser).await, "{targets}");
    }
    assert!(!is_locked(&manager, &nobody).await);
}

async fn others_stay_locked(db: TestDb) {
    let manager = Manager::start(db).await;
    let ann = bucket(Some(&ann(&manager).await), "");
    lock(&manager, &ann).await;
    for (kind, target) in [("User", "bob"), ("App", "ann")] {
        let body = json!({ "targetType": kind, "targets": [target] });
        manager.post(PATH, &body).await.with(204);
        assert!(is_locked(&manager, &ann).await, "{kind} {target}");
    }
}

async fn bad_targets_are_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    for body in [
        json!({}),
        json!({ "targetType": "User" }),
        json!({ "targetType": "User", "targets": [] }),
        json!({ "targetType": "User", "targets": [""] }),
        json!({ "targetType": "User", "targets": "ann" }),
        json!({ "targetType": "Robot", "targets": ["ann"] }),
        json!({ "targetType": "User", "targets": ["a\u{0}"] }),
        json!({ "targetType": "User", "targets": vec!["ann"; 101] }),
    ] {
        let refused = manager.post(PATH, &body).await;
        refused.failed(400, "guard.invalid_input");
    }
}

async fn kept_tokens_that_do_not_exist_are_not_found(db: TestDb) {
    let manager = Manager::start(db).await;
    let refused = manager.delete("/secrets/nothing").await;
    refused.failed(404, "entity.not_found");
}
