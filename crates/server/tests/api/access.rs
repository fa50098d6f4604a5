//! Who may call the Management API (`contract/logto-api.md` §1.2).

use serde_json::json;
use store::{
    on_both,
    seed::{ADMIN_TENANT, MANAGEMENT_API},
    testing::TestDb,
};
use utoipa::openapi::path::Operation;

use crate::{manager::Manager, support::TestServer};

on_both!(
    every_route_asks_for_a_token,
    tokens_for_something_else_are_refused,
    a_deleted_application_manages_nothing_any_more,
    answers_that_are_known_are_not_sent_again,
);

async fn every_route_asks_for_a_token(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let document = server::api::describe();
    let mut routes = 0;
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, _) in methods
            .into_iter()
            .filter(|(_, operation)| operation.as_ref().is_some_and(asks_for_a_token))
        {
            routes += 1;
            server
                .send(method, path, &[], String::new())
                .await
                .failed(401, "auth.authorization_header_missing");
            // The back door of Logto's development mode does not exist.
            let back_door = [("development-user-id", "integration-test-admin-user")];
            server
                .send(method, path, &back_door, String::new())
                .await
                .failed(401, "auth.authorization_header_missing");
        }
    }
    assert!(routes >= 10, "{routes}");
}

/// Those that do not say so with an empty requirement.
fn asks_for_a_token(operation: &Operation) -> bool {
    json!(operation.security) != json!([{}])
}

async fn tokens_for_something_else_are_refused(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let get = async |authorization: &str| {
        let headers = [("authorization", authorization)];
        server.get("/api/resources", &headers).await
    };
    let refused = get("Basic YTpi").await;
    let refused = refused.failed(401, "auth.authorization_token_type_not_supported");
    assert_eq!(refused["data"]["supportedTypes"], json!(["Bearer"]));
    get("Bearer nonsense")
        .await
        .failed(401, "auth.unauthorized");

    // For another API.
    let tokens = server
        .tokens_for("chat", "openid read", crate::support::API)
        .await;
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    get(&token).await.failed(401, "auth.unauthorized");

    // For this API, but without the scope.
    let tokens = server
        .tokens_for("chat", "openid all", MANAGEMENT_API)
        .await;
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    get(&token).await.failed(403, "auth.forbidden");
}

async fn a_deleted_application_manages_nothing_any_more(db: TestDb) {
    let manager = Manager::start(db).await;
    manager.get("/resources").await.with(200);
    let mut tx = manager.server.app.db().begin().await.unwrap();
    store::application::delete(&mut tx, "default", "worker")
        .await
        .unwrap();
    manager.server.app.commit(tx).await.unwrap();
    manager
        .get("/resources")
        .await
        .failed(401, "auth.unauthorized");
}

async fn answers_that_are_known_are_not_sent_again(db: TestDb) {
    let manager = Manager::start(db).await;
    let first = manager.get("/resources").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");
    assert_eq!(manager.get("/resources").await.header("etag"), tag);
    manager
        .post(
            "/resources",
            &json!({ "name": "New", "indicator": "https://new.test" }),
        )
        .await
        .with(201);
    assert_ne!(manager.get("/resources").await.header("etag"), tag);
    assert!(manager.server.app.tenant(ADMIN_TENANT).is_some());
    assert_eq!(manager.get("/nothing").await.with(404), json!("Not Found"));
}
