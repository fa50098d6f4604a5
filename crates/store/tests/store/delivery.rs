//! Calls to the outside.

use store::{
    delivery::{Delivery, backoff, claim, done, enqueue, retry},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    a_delivery_is_tried_until_it_is_done,
    a_claim_that_is_not_answered_comes_back,
);

fn delivery() -> Delivery {
    Delivery {
        tenant_id: TENANT.to_owned(),
        id: "d1".to_owned(),
        kind: "backchannel_logout".to_owned(),
        url: "https://app.example.com/logout".to_owned(),
        body: "logout_token=x".to_owned(),
        attempts: 0,
    }
}

async fn a_delivery_is_tried_until_it_is_done(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => enqueue(&mut tx, &delivery(), NOW));
    let first = commit!(db, tx => claim(&mut tx, 10, 30, NOW));
    assert_eq!(
        first,
        [Delivery {
            attempts: 1,
            ..delivery()
        }]
    );
    let next = backoff(1, NOW);
    commit!(db, tx => retry(&mut tx, TENANT, "d1", "connection refused", next));
    assert_eq!(commit!(db, tx => claim(&mut tx, 10, 30, next.plus(-1))), []);
    let second = commit!(db, tx => claim(&mut tx, 10, 30, next));
    assert_eq!(second[0].attempts, 2);
    commit!(db, tx => done(&mut tx, TENANT, "d1"));
    assert_eq!(
        commit!(db, tx => claim(&mut tx, 10, 30, NOW.plus(9999))),
        []
    );
    db.remove().await;
}

async fn a_claim_that_is_not_answered_comes_back(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => enqueue(&mut tx, &delivery(), NOW));
    assert_eq!(commit!(db, tx => claim(&mut tx, 10, 30, NOW)).len(), 1);
    assert_eq!(commit!(db, tx => claim(&mut tx, 10, 30, NOW.plus(29))), []);
    assert_eq!(
        commit!(db, tx => claim(&mut tx, 10, 30, NOW.plus(30))).len(),
        1
    );
    db.remove().await;
}

#[test]
fn waiting_doubles_up_to_an_hour() {
    let waits: Vec<i64> = (1..=12)
        .map(|attempts| backoff(attempts, NOW).since(NOW))
        .collect();
    assert_eq!(
        waits,
        [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    );
}
