//! `/connector-factories` and `/connectors` (`contract/logto-api.md` §4.1).

use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both! {
    the_catalogue_lists_every_factory,
}

async fn the_catalogue_lists_every_factory(db: TestDb) {
    let manager = Manager::start(db).await;
    let all = manager.get("/connector-factories").await.with(200);
    let ids: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(ids.len(), 49);
    assert!(
        !ids.iter()
            .any(|id| id.as_str().unwrap().starts_with("mock-"))
    );
    let path = "/connector-factories/github-universal";
    let github = manager.get(path).await.with(200);
    assert_eq!(github["type"], "Social");
    assert_eq!(github["platform"], "Universal");
    assert_eq!(github["isTokenStorageSupported"], true);
    assert_eq!(github["isStandard"], false);
    assert_eq!(github["formItems"][1]["isConfidential"], true);
    for unknown in ["nonsense", "mock-email-service"] {
        let path = format!("/connector-factories/{unknown}");
        manager.get(&path).await.failed(404, "entity.not_found");
    }
}
