//! What the server keeps in memory, and how it learns of changes.

use std::time::Duration;

use protocol::secret::Secret;
use store::{
    Db, Options,
    snapshot::{listen, load, version},
    testing::{TestDb, vault},
};

use crate::{
    fixture::{NOW, TENANT, commit, tenant},
    seed::seed,
};

store::on_both!(
    the_snapshot_holds_the_configuration_of_every_tenant,
    changes_count_only_when_they_are_committed,
    another_node_learns_of_a_change,
);

async fn the_snapshot_holds_the_configuration_of_every_tenant(db: TestDb) {
    seed(&db, false).await.unwrap();
    let snapshot = load(&db, &vault()).await.unwrap();
    assert_eq!(snapshot.version, version(&*db).await.unwrap());
    let names: Vec<_> = snapshot.tenants.keys().collect();
    assert_eq!(names, ["admin", "default"]);
    let admin = &snapshot.tenants["admin"];
    assert_eq!(admin.signing_keys.len(), 2);
    assert_eq!(admin.cookie_keys.len(), 1);
    assert!(admin.sign_in_experience.is_some());
    assert!(admin.configs.contains_key("idToken"));
    let m_default = &admin.applications["m-default"];
    assert_eq!(m_default.secrets.len(), 1);
    assert_eq!(
        m_default.secrets[0].hash,
        Secret::new("secret of m-default").hash()
    );
    assert_eq!(
        m_default.scopes["https://default.logto.app/api"],
        ["all"],
        "what its roles allow"
    );
    let api = &admin.resources["https://admin.logto.app/me"];
    assert_eq!(api.scopes.len(), 1);
    assert!(admin.applications["admin-console"].secrets.is_empty());
    db.remove().await;
}

async fn changes_count_only_when_they_are_committed(db: TestDb) {
    tenant(&db).await;
    let before = version(&*db).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let api = crate::application::application("app");
    store::application::insert(&mut tx, TENANT, &api)
        .await
        .unwrap();
    drop(tx);
    assert_eq!(version(&*db).await.unwrap(), before);
    commit!(db, tx => store::application::insert(&mut tx, TENANT, &api));
    assert!(version(&*db).await.unwrap() > before);
    db.remove().await;
}

async fn another_node_learns_of_a_change(db: TestDb) {
    tenant(&db).await;
    let node = Db::connect(db.address(), &Options::default())
        .await
        .unwrap();
    let known = version(&node).await.unwrap();
    let mut changes = listen(&node, known).await;
    let quiet = tokio::time::timeout(Duration::from_millis(200), changes.next()).await;
    assert!(quiet.is_err(), "nothing has changed");
    commit!(db, tx => store::tenant::insert(&mut tx, "other", NOW));
    let learned = tokio::time::timeout(Duration::from_secs(20), changes.next()).await;
    assert!(learned.unwrap() > known);
    drop(changes);
    node.close().await;
    db.remove().await;
}
