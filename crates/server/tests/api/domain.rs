//! Domains and protected applications, which need an edge provider: a server of one's own has none, and says so
//! (`contract/logto-api.md` §2.1, §5.3).

use serde_json::json;
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(
    there_are_no_domains_and_none_can_be_added,
    no_application_is_a_protected_one,
);

async fn there_are_no_domains_and_none_can_be_added(db: TestDb) {
    let manager = Manager::start(db).await;
    assert_eq!(manager.get("/domains").await.with(200), json!([]));
    let new = json!({ "domain": "id.acme.test" });
    let refused = manager.post("/domains", &new).await;
    refused.failed(400, "domain.not_configured");
    for wrong in [
        json!({}),
        json!({ "domain": "" }),
        json!({ "domain": "x".repeat(257) }),
    ] {
        let refused = manager.post("/domains", &wrong).await;
        refused.failed(400, "guard.invalid_input");
    }
    let unknown = "entity.not_exists_with_id";
    let files = "/domains/x/verification-files";
    let file = json!({ "path": "/.well-known/x", "content": "x", "contentType": "text/plain" });
    let some = json!({ "verificationFiles": [file] });
    manager.get("/domains/x").await.failed(404, unknown);
    manager.delete("/domains/x").await.failed(404, unknown);
    manager.get(files).await.failed(404, unknown);
    manager.put(files, &some).await.failed(404, unknown);
    let many = json!({ "verificationFiles": vec![file; 11] });
    let refused = manager.put(files, &many).await;
    refused.failed(400, "guard.invalid_input");
    let stale = json!({ "staleDays": 7 });
    let cleaned = manager.post("/domains/cleanup", &stale).await.with(200);
    assert_eq!(
        cleaned,
        json!({ "scannedCount": 0, "deletedCount": 0, "skippedActiveCount": 0, "failedCount": 0 })
    );
    let refused = manager
        .post("/domains/cleanup", &json!({ "staleDays": 0 }))
        .await;
    refused.failed(400, "guard.invalid_input");
}

async fn no_application_is_a_protected_one(db: TestDb) {
    let manager = Manager::start(db).await;
    let system = manager.get("/systems/application").await;
    system.failed(501, "application.protected_app_not_configured");
    let of = |id: &str| format!("/applications/{id}/protected-app-metadata/custom-domains");
    let new = json!({ "domain": "app.acme.test" });
    for (id, status, code) in [
        ("chat", 422, "application.protected_application_only"),
        ("nobody", 404, "entity.not_exists_with_id"),
    ] {
        let path = of(id);
        manager.get(&path).await.failed(status, code);
        manager.post(&path, &new).await.failed(status, code);
        let one = format!("{path}/app.acme.test");
        manager.delete(&one).await.failed(status, code);
    }
    let refused = manager.post(&of("chat"), &json!({})).await;
    refused.failed(400, "guard.invalid_input");
}
