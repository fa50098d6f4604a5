//! What belongs to what.

use store::{
    StoreError,
    relation::{self, ROLE_SCOPES, ROLE_USERS, Replaced, USER_ROLES},
    resource::{Resource, Scope},
    role::{Role, RoleType},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, ann, commit};

store::on_both!(
    children_are_added_once_and_removed,
    a_set_is_replaced_by_its_difference,
    long_sets_fit,
    what_does_not_exist_is_not_added,
    only_what_the_snapshot_holds_counts_as_a_change,
);

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|id| (*id).to_owned()).collect()
}

/// The roles `r1`, `r2` and `r3`.
async fn roles(db: &TestDb) {
    ann(db).await;
    for id in ["r1", "r2", "r3"] {
        let role = Role {
            id: id.to_owned(),
            name: id.to_owned(),
            description: String::new(),
            kind: RoleType::User,
            is_default: false,
        };
        commit!(db, tx => store::role::insert(&mut tx, TENANT, &role));
    }
}

async fn children_are_added_once_and_removed(db: TestDb) {
    roles(&db).await;
    let both = ids(&["r2", "r1", "r2"]);
    let added = commit!(db, tx => relation::add(&mut tx, USER_ROLES, TENANT, &["ann"], &both));
    assert_eq!(added, ids(&["r1", "r2"]));
    let more = ids(&["r1", "r3"]);
    let added = commit!(db, tx => relation::add(&mut tx, USER_ROLES, TENANT, &["ann"], &more));
    assert_eq!(added, ids(&["r3"]));
    assert!(commit!(db, tx => relation::remove(&mut tx, USER_ROLES, TENANT, &["ann"], "r1")));
    assert!(!commit!(db, tx => relation::remove(&mut tx, USER_ROLES, TENANT, &["ann"], "r1")));
    let left = relation::children(&*db, USER_ROLES, TENANT, &["ann"]).await;
    assert_eq!(left.unwrap(), ids(&["r2", "r3"]));
    let from_the_other_side = relation::children(&*db, ROLE_USERS, TENANT, &["r2"]).await;
    assert_eq!(from_the_other_side.unwrap(), ids(&["ann"]));
    let elsewhere = relation::children(&*db, USER_ROLES, "other", &["ann"]).await;
    assert_eq!(elsewhere.unwrap(), ids(&[]));
    db.remove().await;
}

async fn a_set_is_replaced_by_its_difference(db: TestDb) {
    roles(&db).await;
    for (wanted, added, removed) in [
        (&["r1", "r2"][..], &["r1", "r2"][..], &[][..]),
        (&["r2", "r3"], &["r3"], &["r1"]),
        (&[], &[], &["r2", "r3"]),
    ] {
        let wanted = ids(wanted);
        let replaced =
            commit!(db, tx => relation::replace(&mut tx, USER_ROLES, TENANT, &["ann"], &wanted));
        let expected = Replaced {
            added: ids(added),
            removed: ids(removed),
        };
        assert_eq!(replaced, expected);
        let now = relation::children(&*db, USER_ROLES, TENANT, &["ann"]).await;
        assert_eq!(now.unwrap(), wanted);
    }
    db.remove().await;
}

async fn long_sets_fit(db: TestDb) {
    roles(&db).await;
    let api = Resource {
        id: "api".to_owned(),
        name: "api".to_owned(),
        indicator: "https://api.test".to_owned(),
        is_default: false,
        access_token_ttl: 60,
        signing_algorithm: None,
    };
    let mut tx = db.begin().await.unwrap();
    store::resource::insert(&mut tx, TENANT, &api)
        .await
        .unwrap();
    let mut all = Vec::new();
    for number in 0..1200 {
        let scope = Scope {
            id: format!("s{number:04}"),
            resource_id: "api".to_owned(),
            name: format!("s{number}"),
            description: None,
            created_at: NOW,
        };
        store::resource::insert_scope(&mut tx, TENANT, &scope)
            .await
            .unwrap();
        all.push(scope.id);
    }
    let replaced = relation::replace(&mut tx, ROLE_SCOPES, TENANT, &["r1"], &all).await;
    assert_eq!(replaced.unwrap().added.len(), 1200);
    let replaced = relation::replace(&mut tx, ROLE_SCOPES, TENANT, &["r1"], &[]).await;
    assert_eq!(replaced.unwrap().removed, all);
    tx.commit().await.unwrap();
    db.remove().await;
}

async fn what_does_not_exist_is_not_added(db: TestDb) {
    roles(&db).await;
    for (parent, child) in [("ann", "none"), ("none", "r1")] {
        let mut tx = db.begin().await.unwrap();
        let refused =
            relation::add(&mut tx, USER_ROLES, TENANT, &[parent], &ids(&["r1", child])).await;
        assert!(matches!(refused, Err(StoreError::Dangling)), "{refused:?}");
    }
    let none = relation::children(&*db, USER_ROLES, TENANT, &["ann"]).await;
    assert_eq!(none.unwrap(), ids(&[]), "nothing is half done");
    db.remove().await;
}

async fn only_what_the_snapshot_holds_counts_as_a_change(db: TestDb) {
    roles(&db).await;
    let before = store::snapshot::version(&*db).await.unwrap();
    let one = ids(&["r1"]);
    commit!(db, tx => relation::add(&mut tx, USER_ROLES, TENANT, &["ann"], &one));
    assert_eq!(store::snapshot::version(&*db).await.unwrap(), before);
    commit!(db, tx => relation::replace(&mut tx, ROLE_SCOPES, TENANT, &["r1"], &[]));
    assert!(store::snapshot::version(&*db).await.unwrap() > before);
    db.remove().await;
}
