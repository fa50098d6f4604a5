//! Failed attempts and the locks they lead to.

use protocol::time::Time;
use store::{
    failed_attempt::{Limit, State, locked_until, record, reset},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    the_last_failure_within_the_window_locks,
    failures_of_an_old_window_do_not_count,
    t49_failures_under_a_lock_do_not_prolong_it,
    a_lock_that_is_over_begins_a_new_window,
    one_failure_can_be_too_many,
    a_reset_forgets,
);

const LIMIT: Limit = Limit {
    failures: 3,
    window: 100,
    lock: 60,
};

async fn fail(db: &TestDb, after: i64) -> State {
    commit!(db, tx => record(&mut tx, TENANT, "ann", LIMIT, NOW.plus(after)))
}

const fn open(failures: i64) -> State {
    State {
        failures,
        locked_until: None,
    }
}

const fn locked(failures: i64, until: i64) -> State {
    State {
        failures,
        locked_until: Some(Time(NOW.0 + until)),
    }
}

async fn the_last_failure_within_the_window_locks(db: TestDb) {
    tenant(&db).await;
    assert_eq!(fail(&db, 0).await, open(1));
    assert_eq!(fail(&db, 50).await, open(2));
    assert_eq!(fail(&db, 99).await, locked(3, 159));
    for (after, expected) in [(99, true), (158, true), (159, false)] {
        let until = locked_until(&*db, TENANT, "ann", NOW.plus(after)).await;
        assert_eq!(until.unwrap().is_some(), expected, "{after}");
    }
    let other = locked_until(&*db, TENANT, "bob", NOW.plus(99)).await;
    assert_eq!(other.unwrap(), None);
    db.remove().await;
}

async fn failures_of_an_old_window_do_not_count(db: TestDb) {
    tenant(&db).await;
    assert_eq!(fail(&db, 0).await, open(1));
    assert_eq!(fail(&db, 10).await, open(2));
    assert_eq!(fail(&db, 100).await, open(1));
    assert_eq!(fail(&db, 199).await, open(2));
    assert_eq!(fail(&db, 200).await, open(1));
    db.remove().await;
}

async fn t49_failures_under_a_lock_do_not_prolong_it(db: TestDb) {
    tenant(&db).await;
    for after in 0..3 {
        fail(&db, after).await;
    }
    for after in 3..20 {
        assert_eq!(fail(&db, after).await, locked(3, 62));
    }
    db.remove().await;
}

async fn a_lock_that_is_over_begins_a_new_window(db: TestDb) {
    tenant(&db).await;
    for after in 0..3 {
        fail(&db, after).await;
    }
    assert_eq!(fail(&db, 62).await, open(1));
    assert_eq!(fail(&db, 63).await, open(2));
    assert_eq!(fail(&db, 64).await, locked(3, 124));
    db.remove().await;
}

async fn one_failure_can_be_too_many(db: TestDb) {
    tenant(&db).await;
    let limit = Limit {
        failures: 1,
        ..LIMIT
    };
    let state = commit!(db, tx => record(&mut tx, TENANT, "ann", limit, NOW));
    assert_eq!(state, locked(1, 60));
    let state = commit!(db, tx => record(&mut tx, TENANT, "ann", limit, NOW.plus(60)));
    assert_eq!(state, locked(1, 120));
    db.remove().await;
}

async fn a_reset_forgets(db: TestDb) {
    tenant(&db).await;
    for after in 0..3 {
        fail(&db, after).await;
    }
    commit!(db, tx => reset(&mut tx, TENANT, "ann"));
    let until = locked_until(&*db, TENANT, "ann", NOW.plus(3)).await;
    assert_eq!(until.unwrap(), None);
    assert_eq!(fail(&db, 3).await, open(1));
    db.remove().await;
}
