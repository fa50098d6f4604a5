//! Hooks, and the queue of what they are told.

use std::collections::BTreeMap;

use protocol::{secret::Secret, time::Time};
use store::{
    Page, Vault,
    hook::{self, Hook, HookConfig},
    hook_delivery::{HookDelivery, Waiting, claim, done, enqueue, retry, waiting},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    a_hook_comes_back_as_it_was_written_and_nothing_of_it_is_readable,
    a_claim_is_given_to_one_node_and_comes_back,
    the_next_of_a_subject_waits_for_the_one_before,
    who_lost_a_claim_settles_nothing,
    of_fifty_that_claim_at_once_one_gets_it,
);

fn vault() -> Vault {
    Vault::new([7; 32]).unwrap()
}

fn hook(id: &str) -> Hook {
    let header = ("authorization".to_owned(), "Bearer geheim".to_owned());
    Hook {
        id: id.to_owned(),
        name: "n".to_owned(),
        event: None,
        events: vec!["User.Created".to_owned()],
        config: HookConfig {
            url: "https://a.test".to_owned(),
            headers: Some(BTreeMap::from([header])),
            retries: Some(1),
        },
        signing_key: Secret::new("geheim"),
        enabled: true,
        created_at: NOW,
    }
}

async fn given(db: &TestDb) -> Waiting {
    tenant(db).await;
    commit!(db, tx => hook::insert(&mut tx, &vault(), TENANT, &hook("h")));
    Waiting {
        tenant_id: TENANT.to_owned(),
        hook_id: "h".to_owned(),
    }
}

fn delivery(id: &str, subject: &str) -> HookDelivery {
    HookDelivery {
        id: id.to_owned(),
        hook_id: "h".to_owned(),
        event: "User.Created".to_owned(),
        subject: subject.to_owned(),
        body: "{}".to_owned(),
        attempts: 0,
    }
}

async fn claimed(db: &TestDb, hook: &Waiting, now: Time) -> Vec<String> {
    let claimed = commit!(db, tx => claim(&mut tx, hook, 10, 30, now));
    claimed.into_iter().map(|delivery| delivery.id).collect()
}

async fn a_hook_comes_back_as_it_was_written_and_nothing_of_it_is_readable(db: TestDb) {
    given(&db).await;
    let found = hook::find(&*db, &vault(), TENANT, "h").await.unwrap();
    assert_eq!(found, Some(hook("h")));
    assert_eq!(
        hook::find(&*db, &vault(), "admin", "h").await.unwrap(),
        None
    );
    let mut changed = hook("h");
    changed.config.retries = None;
    changed.enabled = false;
    assert!(commit!(db, tx => hook::update(&mut tx, &vault(), TENANT, &changed)));
    let listed = hook::page(&db, &vault(), TENANT, Page::ALL).await.unwrap();
    assert_eq!((listed.rows, listed.total), (vec![changed], 1));
    let snapshot = store::snapshot::load(&db, &vault()).await.unwrap();
    assert_eq!(snapshot.tenants[TENANT].hooks, [], "it is off");
    assert!(
        hook::find(&*db, &Vault::new([8; 32]).unwrap(), TENANT, "h")
            .await
            .is_err()
    );
    assert!(commit!(db, tx => hook::delete(&mut tx, TENANT, "h")));
    assert!(!commit!(db, tx => hook::delete(&mut tx, TENANT, "h")));
    db.remove().await;
}

async fn a_claim_is_given_to_one_node_and_comes_back(db: TestDb) {
    let hook = given(&db).await;
    commit!(db, tx => enqueue(&mut tx, TENANT, &delivery("a", "ann"), NOW));
    assert_eq!(waiting(&*db, NOW.plus(-1)).await.unwrap(), []);
    assert_eq!(
        waiting(&*db, NOW).await.unwrap(),
        std::slice::from_ref(&hook)
    );
    assert_eq!(claimed(&db, &hook, NOW).await, ["a"]);
    assert_eq!(waiting(&*db, NOW.plus(29)).await.unwrap(), []);
    assert_eq!(claimed(&db, &hook, NOW.plus(29)).await, [""; 0]);
    assert_eq!(claimed(&db, &hook, NOW.plus(30)).await, ["a"]);
    commit!(db, tx => hook::delete(&mut tx, TENANT, "h"));
    assert_eq!(claimed(&db, &hook, NOW.plus(999)).await, [""; 0]);
    db.remove().await;
}

async fn the_next_of_a_subject_waits_for_the_one_before(db: TestDb) {
    let hook = given(&db).await;
    for (id, subject) in [("z", "ann"), ("b", "ann"), ("c", "bob"), ("a", "ann")] {
        commit!(db, tx => enqueue(&mut tx, TENANT, &delivery(id, subject), NOW));
    }
    let mut first = claimed(&db, &hook, NOW).await;
    first.sort();
    assert_eq!(first, ["c", "z"]);
    let taken = HookDelivery {
        attempts: 1,
        ..delivery("z", "ann")
    };
    commit!(db, tx => retry(&mut tx, TENANT, &taken, NOW.plus(100)));
    assert_eq!(
        claimed(&db, &hook, NOW.plus(29)).await,
        [""; 0],
        "z is put off"
    );
    let again = commit!(db, tx => claim(&mut tx, &hook, 10, 30, NOW.plus(100)));
    let again: Vec<_> = again.iter().filter(|one| one.subject == "ann").collect();
    assert_eq!((again[0].id.as_str(), again[0].attempts), ("z", 2));
    assert!(commit!(db, tx => done(&mut tx, TENANT, again[0])));
    assert_eq!(claimed(&db, &hook, NOW.plus(101)).await, ["b"]);
    db.remove().await;
}

async fn who_lost_a_claim_settles_nothing(db: TestDb) {
    let hook = given(&db).await;
    commit!(db, tx => enqueue(&mut tx, TENANT, &delivery("a", "ann"), NOW));
    let slow = commit!(db, tx => claim(&mut tx, &hook, 1, 30, NOW)).remove(0);
    let fast = commit!(db, tx => claim(&mut tx, &hook, 1, 30, NOW.plus(30))).remove(0);
    assert!(!commit!(db, tx => done(&mut tx, TENANT, &slow)));
    commit!(db, tx => retry(&mut tx, TENANT, &slow, NOW));
    assert_eq!(
        claimed(&db, &hook, NOW.plus(31)).await,
        [""; 0],
        "the other's"
    );
    assert!(commit!(db, tx => done(&mut tx, TENANT, &fast)));
    db.remove().await;
}

async fn of_fifty_that_claim_at_once_one_gets_it(db: TestDb) {
    let hook = given(&db).await;
    commit!(db, tx => enqueue(&mut tx, TENANT, &delivery("a", "ann"), NOW));
    let claims = (0..50).map(|_| {
        let (db, hook) = ((*db).clone(), hook.clone());
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let got = claim(&mut tx, &hook, 10, 30, NOW).await.unwrap();
            tx.commit().await.unwrap();
            got.len()
        })
    });
    let mut got = 0;
    for claim in claims.collect::<Vec<_>>() {
        got += claim.await.unwrap();
    }
    assert_eq!(got, 1);
    db.remove().await;
}
