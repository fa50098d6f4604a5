//! `/custom-phrases` (`contract/logto-api.md` §4.4).

use serde_json::json;
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(words_are_written_by_language, the_fallback_language_stays);

async fn words_are_written_by_language(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/custom-phrases/pt-BR";
    manager.get(path).await.failed(404, "entity.not_found");
    let words = json!({ "action": { "sign_in": "Entrar", "create": "" } });
    let first = manager.put(path, &words).await.with(201);
    assert_eq!(
        first["translation"],
        json!({ "action": { "sign_in": "Entrar" } })
    );
    let second = manager
        .put(path, &json!({ "action": { "sign_in": "Acessar" } }))
        .await
        .with(201);
    assert_eq!(second["id"], first["id"]);
    assert_eq!(manager.get(path).await.with(200), second);
    assert_eq!(
        manager.get("/custom-phrases").await.with(200),
        json!([second])
    );
    manager
        .put(path, &json!({ "a": 1 }))
        .await
        .failed(422, "localization.invalid_translation_structure");
    manager
        .put("/custom-phrases/nonsense", &words)
        .await
        .failed(400, "guard.invalid_input");
    manager.delete(path).await.with(204);
    manager.delete(path).await.failed(404, "entity.not_found");
}

async fn the_fallback_language_stays(db: TestDb) {
    let manager = Manager::start(db).await;
    manager
        .put("/custom-phrases/da", &json!({ "a": "b" }))
        .await
        .with(201);
    let change = json!({ "languageInfo": { "autoDetect": false, "fallbackLanguage": "da" } });
    manager.patch("/sign-in-exp", &change).await.with(200);
    let refused = manager.delete("/custom-phrases/da").await;
    refused.failed(409, "localization.cannot_delete_default_language");
}
