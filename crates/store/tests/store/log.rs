//! The audit log: how it is written, found and forgotten.

use store::{
    Page,
    log::{Log, NewLog, Wanted, calls, find, forget, insert, is_audit, page},
    testing::TestDb,
};

use crate::fixture::{TENANT, commit, tenant};

store::on_both!(
    what_is_written_twice_is_there_once,
    every_filter_is_answered_from_an_index,
    skipping_pages_reads_the_index_alone,
    calls_of_webhooks_are_counted,
    old_logs_go_in_batches,
);

const PAGE: Page = Page {
    limit: 20,
    offset: 0,
};

fn log(number: i64, key: &str) -> NewLog {
    NewLog {
        tenant_id: TENANT.to_owned(),
        log: Log {
            id: format!("l{number:06}"),
            key: key.to_owned(),
            payload: r#"{"result":"Success"}"#.to_owned(),
            created_at: number,
        },
        user_id: (number % 2 == 0).then(|| format!("user{}", number % 100)),
        application_id: Some(format!("app{}", number % 50)),
        hook_id: None,
        is_success: true,
    }
}

fn call(number: i64, is_success: bool) -> NewLog {
    NewLog {
        user_id: None,
        application_id: None,
        hook_id: Some(format!("hook{}", number % 50)),
        is_success,
        ..log(number, "TriggerHook.PostSignIn")
    }
}

async fn filled(db: &TestDb) {
    tenant(db).await;
    let keys = [
        "Interaction.Create",
        "ExchangeTokenBy.RefreshToken",
        "RevokeToken",
    ];
    let audit = (0..20_000)
        .zip(keys.into_iter().cycle())
        .map(|(number, key)| log(number, key));
    let hooks = (20_000..25_000).map(|number| call(number, number % 4 == 0));
    let all: Vec<_> = audit.chain(hooks).collect();
    commit!(db, tx => insert(&mut tx, &all));
    db.vacuum().await;
}

async fn what_is_written_twice_is_there_once(db: TestDb) {
    tenant(&db).await;
    let logs: Vec<_> = (0..150).map(|number| log(number, "Unknown")).collect();
    commit!(db, tx => insert(&mut tx, &logs));
    commit!(db, tx => insert(&mut tx, &logs));
    let listed = page(&db, TENANT, Wanted::default(), PAGE, 1000)
        .await
        .unwrap();
    assert_eq!((listed.total, listed.rows.len()), (150, 20));
    assert_eq!(listed.rows[0], logs[149].log, "the newest first");
    assert_eq!(
        find(&*db, TENANT, "l000007").await.unwrap(),
        Some(logs[7].log.clone())
    );
    assert_eq!(find(&*db, "admin", "l000007").await.unwrap(), None);
    db.remove().await;
}

async fn every_filter_is_answered_from_an_index(db: TestDb) {
    filled(&db).await;
    let none = Wanted::default();
    for (wanted, index, total) in [
        (none, "logs_created_at", 20_000),
        (
            Wanted {
                from: Some(19_990),
                ..none
            },
            "logs_created_at",
            10,
        ),
        (
            Wanted {
                user_id: Some("user4"),
                ..none
            },
            "logs_user",
            200,
        ),
        (
            Wanted {
                application_id: Some("app3"),
                ..none
            },
            "logs_application",
            400,
        ),
        (
            Wanted {
                key: Some("RevokeToken"),
                ..none
            },
            "logs_key",
            6666,
        ),
        (
            Wanted {
                key: Some("RevokeToken"),
                from: Some(100),
                until: Some(200),
                ..none
            },
            "logs_key",
            34,
        ),
        (
            Wanted {
                hook_id: Some("hook7"),
                ..none
            },
            "logs_hook",
            100,
        ),
        (
            Wanted {
                hook_id: Some("hook7"),
                key: Some("TriggerHook.PostSignIn"),
                ..none
            },
            "logs_hook",
            100,
        ),
    ] {
        let listed = page(&db, TENANT, wanted, PAGE, 100_000).await.unwrap();
        assert_eq!(listed.total, total, "{wanted:?}");
        let [rows, count] = store::testing::log_plans(&db, TENANT, wanted, PAGE).await;
        assert!(rows.contains(index), "{wanted:?}: {rows}");
        assert!(!rows.contains("Seq Scan"), "{wanted:?}: {rows}");
        // Who counts half of a table does well to read it from its beginning to where counting ends.
        if total < 5000 {
            assert!(count.contains(index), "{wanted:?}: {count}");
            assert!(!count.contains("Seq Scan"), "{wanted:?}: {count}");
        }
    }
    let hidden = Wanted {
        key: Some("TriggerHook.PostSignIn"),
        ..none
    };
    assert_eq!(page(&db, TENANT, hidden, PAGE, 100).await.unwrap().total, 0);
    let capped = page(&db, TENANT, none, PAGE, 1000).await.unwrap();
    assert_eq!(capped.total, 1001);
    db.remove().await;
}

async fn skipping_pages_reads_the_index_alone(db: TestDb) {
    filled(&db).await;
    let far = Page {
        limit: 20,
        offset: 15_000,
    };
    let wanted = Wanted::default();
    let listed = page(&db, TENANT, wanted, far, 10).await.unwrap();
    assert_eq!(listed.rows[0].created_at, 4999);
    let plans = store::testing::log_plans(&db, TENANT, wanted, far).await;
    let index_alone = ["COVERING INDEX logs_created_at", "Index Only Scan"];
    assert!(
        index_alone.iter().any(|words| plans[0].contains(words)),
        "{}",
        plans[0]
    );
    db.remove().await;
}

async fn calls_of_webhooks_are_counted(db: TestDb) {
    tenant(&db).await;
    let rows: Vec<_> = (0..100).map(|number| call(number, number >= 50)).collect();
    commit!(db, tx => insert(&mut tx, &rows));
    let all = calls(&*db, TENANT, None, 0).await.unwrap();
    assert_eq!(all.len(), 50);
    let one = calls(&*db, TENANT, Some("hook7"), 0).await.unwrap();
    assert_eq!((one[0].requests, one[0].successes), (2, 1));
    let late = calls(&*db, TENANT, Some("hook7"), 50).await.unwrap();
    assert_eq!((late[0].requests, late[0].successes), (1, 1));
    assert_eq!(calls(&*db, TENANT, Some("none"), 0).await.unwrap(), []);
    db.remove().await;
}

async fn old_logs_go_in_batches(db: TestDb) {
    filled(&db).await;
    assert_eq!(forget(&db, TENANT, 22_000).await.unwrap(), 22_000);
    assert_eq!(forget(&db, TENANT, 22_000).await.unwrap(), 0);
    assert_eq!(forget(&db, "admin", 99_999).await.unwrap(), 0);
    let left = page(
        &db,
        TENANT,
        Wanted {
            hook_id: Some("hook7"),
            ..Wanted::default()
        },
        PAGE,
        1000,
    );
    assert_eq!(left.await.unwrap().total, 60);
    db.remove().await;
}

#[test]
fn webhooks_are_no_audit_logs() {
    for (key, is) in [
        ("Interaction.Create", true),
        ("ExchangeTokenBy.TokenExchange", true),
        ("RevokeGrants", true),
        ("Unknown", true),
        ("Action.PostSignIn", true),
        ("TriggerHook.PostSignIn", false),
        ("TrustedDevice.Used", false),
    ] {
        assert_eq!(is_audit(key), is, "{key}");
    }
}
