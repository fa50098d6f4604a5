//! `/users/{userId}/personal-access-tokens` (`contract/logto-api.md` §2.3).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    support::{ANN, START},
};

on_both!(
    a_token_is_made_renamed_and_deleted,
    names_of_any_characters_fit_into_the_body,
    a_token_may_be_called_like_a_route,
    what_cannot_be_made_is_refused,
    t55_a_token_is_stored_sealed,
);

fn path(rest: &str) -> String {
    format!("/users/{ANN}/personal-access-tokens{rest}")
}

async fn make(manager: &Manager, name: &str) -> Value {
    let body = json!({ "name": name });
    manager.post(&path(""), &body).await.with(201)
}

async fn a_token_is_made_renamed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    assert_eq!(manager.get(&path("")).await.with(200), json!([]));
    let first = make(&manager, "first").await;
    let value = first["value"].as_str().unwrap();
    assert!(value.starts_with("pat_") && value.len() == 36, "{value}");
    assert_eq!(
        first,
        json!({
            "tenantId": "default", "userId": ANN, "name": "first", "value": value,
            "createdAt": START * 1000, "expiresAt": null,
        })
    );
    manager.server.advance(1);
    let end = (START + 60) * 1000;
    let body = json!({ "name": "second", "expiresAt": end });
    let second = manager.post(&path(""), &body).await.with(201);
    assert_eq!(second["expiresAt"], end);
    assert_ne!(second["value"], first["value"]);
    let listed = manager.get(&path("")).await.with(200);
    assert_eq!(listed, json!([first, second]));

    let body = json!({ "name": "third" });
    let renamed = manager.patch(&path("/first"), &body).await.with(200);
    assert_eq!(
        (&renamed["name"], &renamed["value"]),
        (&json!("third"), &first["value"])
    );
    manager.delete(&path("/third")).await.with(204);
    let listed = manager.get(&path("")).await.with(200);
    assert_eq!(listed, json!([second]));
    manager
        .delete(&path("/third"))
        .await
        .failed(404, "entity.not_found");
    let body = json!({ "name": "x" });
    let gone = manager.patch(&path("/third"), &body).await;
    gone.failed(404, "entity.not_exists");
    manager.server.advance(3_600); // an expired one is still shown
    let mut later = manager;
    later.renew().await;
    assert_eq!(later.get(&path("")).await.with(200), json!([second]));
}

async fn names_of_any_characters_fit_into_the_body(db: TestDb) {
    let manager = Manager::start(db).await;
    let odd = "CI / build #1 虎?&%";
    make(&manager, odd).await;
    let body = json!({ "currentName": odd, "name": "ci/2" });
    let renamed = manager.patch(&path(""), &body).await.with(200);
    assert_eq!(renamed["name"], "ci/2");
    let same = manager.patch(&path(""), &json!({ "name": "ci/2" })).await;
    assert_eq!(same.with(200), renamed);
    for body in [
        json!({ "currentName": odd, "name": "x" }),
        json!({ "name": "x" }),
    ] {
        let answer = manager.patch(&path(""), &body).await;
        answer.failed(404, "entity.not_exists");
    }
    let body = json!({ "name": "ci/2" });
    manager.post(&path("/delete"), &body).await.with(204);
    let gone = manager.post(&path("/delete"), &body).await;
    gone.failed(404, "entity.not_found");
}

async fn what_cannot_be_made_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    make(&manager, "taken").await;
    make(&manager, "other").await;
    let name_taken = "user.personal_access_token_name_exists";
    for (body, status, code) in [
        (json!({ "name": "taken" }), 422, name_taken),
        (json!({}), 400, "guard.invalid_input"),
        (json!({ "name": "" }), 400, "guard.invalid_input"),
        (
            json!({ "name": "a".repeat(257) }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "name": "a\u{0}" }), 400, "guard.invalid_input"),
        (json!({ "name": 7 }), 400, "guard.invalid_input"),
        (
            json!({ "name": "a", "expiresAt": "soon" }),
            400,
            "guard.invalid_input",
        ),
        (
            json!({ "name": "a", "expiresAt": START * 1000 }),
            400,
            "request.invalid_input",
        ),
        (
            json!({ "name": "a", "expiresAt": -1 }),
            400,
            "request.invalid_input",
        ),
    ] {
        let answer = manager.post(&path(""), &body).await;
        answer.failed(status, code);
    }
    let body = json!({ "currentName": "other", "name": "taken" });
    let answer = manager.patch(&path(""), &body).await;
    answer.failed(422, name_taken);
    let body = json!({ "name": "taken" });
    let answer = manager.patch(&path("/other"), &body).await;
    answer.failed(422, name_taken);

    let nobody = "/users/nobody/personal-access-tokens";
    let answer = manager.get(nobody).await;
    answer.failed(404, "entity.not_found");
    let answer = manager.post(nobody, &body).await;
    answer.failed(404, "entity.relation_foreign_key_not_found");
    let answer = manager.delete(&format!("{nobody}/taken")).await;
    answer.failed(404, "entity.not_found");
}

async fn t55_a_token_is_stored_sealed(db: TestDb) {
    let manager = Manager::start(db).await;
    let made = make(&manager, "mine").await;
    let value = made["value"].as_str().unwrap();
    let db = manager.server.app.db();
    let find = async |hash: &str| {
        let now = manager.server.now();
        store::personal_access_token::owner(db, "default", hash, now)
            .await
            .unwrap()
    };
    let hash = protocol::secret::Secret::new(value).hash();
    assert_eq!(find(&hash).await.as_deref(), Some(ANN));
    assert_eq!(find(value).await, None);
    let other = store::Vault::new([9; 32]).unwrap();
    let listed = store::personal_access_token::list(db, &other, "default", ANN).await;
    assert!(listed.is_err(), "it opens with the key of the vault only");
}

async fn a_token_may_be_called_like_a_route(db: TestDb) {
    let manager = Manager::start(db).await;
    make(&manager, "delete").await;
    let body = json!({ "name": "other" });
    let renamed = manager.patch(&path("/delete"), &body).await.with(200);
    assert_eq!(renamed["name"], "other");
    manager
        .patch(&path("/delete"), &body)
        .await
        .failed(404, "entity.not_exists");
    make(&manager, "delete").await;
    manager.delete(&path("/delete")).await.with(204);
    manager
        .delete(&path("/delete"))
        .await
        .failed(404, "entity.not_found");
    let listed = manager.get(&path("")).await.with(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let by_body = json!({ "name": "other" });
    manager.post(&path("/delete"), &by_body).await.with(204);
}
