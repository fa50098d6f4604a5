//! SQLite's one writer makes several transactions durable together; each of them stands or falls alone.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};
use store::{Conflict, Db, Options, StoreError, testing::TestDb};

use crate::fixture::{NOW, TENANT, commit, insert, tenant, user};

store::on_both!(
    two_hundred_writers_are_acknowledged_and_present,
    a_failing_transaction_does_not_hurt_its_group,
    a_dropped_transaction_leaves_nothing,
    a_transaction_sees_what_it_wrote_and_others_do_not,
    a_caller_who_goes_away_does_not_stop_the_others,
    another_process_can_write_in_between,
);

async fn two_hundred_writers_are_acknowledged_and_present(db: TestDb) {
    tenant(&db).await;
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let db = (*db).clone();
            tokio::spawn(async move {
                let id = format!("user{number}");
                let mut tx = db.begin().await.unwrap();
                insert(&mut tx, &user(&id)).await.unwrap();
                tx.commit().await.unwrap();
                // Acknowledged means that every reader sees it.
                assert!(store::user::find(&db, TENANT, &id).await.unwrap().is_some());
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 200);
    db.remove().await;
}

async fn a_failing_transaction_does_not_hurt_its_group(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &user("taken")));
    let tasks: Vec<_> = (0..60)
        .map(|number| {
            let db = (*db).clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.unwrap();
                insert(&mut tx, &user(&format!("first{number}")))
                    .await
                    .unwrap();
                if number % 3 == 0 {
                    // Its first write must go with it.
                    let refused = insert(&mut tx, &user("taken")).await.unwrap_err();
                    assert!(matches!(refused, StoreError::Conflict(_)), "{refused:?}");
                } else {
                    tx.commit().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 41);
    for number in 0..60 {
        let id = format!("first{number}");
        let present = store::user::find(&*db, TENANT, &id)
            .await
            .unwrap()
            .is_some();
        assert_eq!(present, number % 3 != 0, "{id}");
    }
    db.remove().await;
}

async fn a_dropped_transaction_leaves_nothing(db: TestDb) {
    tenant(&db).await;
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, &user("ann")).await.unwrap();
    drop(tx);
    commit!(db, tx => insert(&mut tx, &user("bob")));
    assert_eq!(store::user::find(&*db, TENANT, "ann").await.unwrap(), None);
    assert!(
        store::user::find(&*db, TENANT, "bob")
            .await
            .unwrap()
            .is_some()
    );
    db.remove().await;
}

async fn a_transaction_sees_what_it_wrote_and_others_do_not(db: TestDb) {
    tenant(&db).await;
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, &user("ann")).await.unwrap();
    assert!(
        store::user::find(&mut tx, TENANT, "ann")
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store::user::find(&*db, TENANT, "ann").await.unwrap(), None);
    tx.commit().await.unwrap();
    assert!(
        store::user::find(&*db, TENANT, "ann")
            .await
            .unwrap()
            .is_some()
    );
    db.remove().await;
}

async fn a_caller_who_goes_away_does_not_stop_the_others(db: TestDb) {
    tenant(&db).await;
    let mut tasks = Vec::new();
    for number in 0..100_u64 {
        let db = (*db).clone();
        let work = async move {
            let mut tx = db.begin().await.unwrap();
            insert(&mut tx, &user(&format!("user{number}")))
                .await
                .unwrap();
            tx.commit().await.unwrap();
        };
        tasks.push(tokio::spawn(async move {
            // Some give up at whatever point they have reached.
            if number % 2 == 0 {
                let _ = tokio::time::timeout(Duration::from_micros(number * 50), work).await;
            } else {
                work.await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    for number in (1..100).step_by(2) {
        let id = format!("user{number}");
        assert!(
            store::user::find(&*db, TENANT, &id)
                .await
                .unwrap()
                .is_some()
        );
    }
    commit!(db, tx => insert(&mut tx, &user("last")));
    db.remove().await;
}

async fn another_process_can_write_in_between(db: TestDb) {
    tenant(&db).await;
    let other = Db::connect(db.address(), &Options::default())
        .await
        .unwrap();
    for number in 0..10 {
        commit!(db, tx => insert(&mut tx, &user(&format!("ours{number}"))));
        commit!(other, tx => insert(&mut tx, &user(&format!("theirs{number}"))));
    }
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 20);
    let mut tx = other.begin().await.unwrap();
    let refused = insert(&mut tx, &user("ours3")).await.unwrap_err();
    assert!(matches!(
        refused,
        StoreError::Conflict(Conflict::Id | Conflict::Username)
    ));
    drop(tx);
    // A transaction that was only dropped does not keep the file locked.
    commit!(db, tx => store::tenant::insert(&mut tx, "admin", NOW));
    other.close().await;
    db.remove().await;
}

#[tokio::test]
async fn the_write_ahead_log_stays_short_where_sqlite_never_begins_it_anew() {
    const MEGABYTE: u64 = 1024 * 1024;
    let db = TestDb::sqlite().await;
    let Db::Sqlite(sqlite) = &*db else {
        unreachable!()
    };
    let log = format!("{}-wal", sqlite.path().display());
    let length = || std::fs::metadata(&log).unwrap().len();
    db.sql("PRAGMA wal_autocheckpoint = 0; CREATE TABLE filler (content BLOB)")
        .await;
    let write = || db.sql("INSERT INTO filler VALUES (zeroblob(20 * 1024 * 1024))");
    for _ in 0..8 {
        write().await;
        assert!(length() < 100 * MEGABYTE, "{}", length());
    }
    // Somebody who reads for long keeps nobody from writing.
    let address = format!("sqlite:{}", sqlite.path().display());
    let mut reader = SqliteConnection::connect(&address).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT COUNT(*) FROM filler")
        .execute(&mut reader)
        .await
        .unwrap();
    for _ in 0..5 {
        write().await;
    }
    assert!(length() > 90 * MEGABYTE, "{}", length());
    reader.close().await.unwrap();
    for _ in 0..5 {
        write().await;
    }
    assert!(length() < 100 * MEGABYTE, "{}", length());
    db.remove().await;
}
