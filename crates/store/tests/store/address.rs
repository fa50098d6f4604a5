//! Addresses of databases.

use std::time::Duration;

use store::{Db, Options, StoreError, alteration, testing::TestDb};

use crate::fixture::{NOW, commit, insert, user};

fn impatient() -> Options {
    Options {
        acquire_timeout: Duration::from_millis(500),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_wrong_address_is_answered_with_a_right_one() {
    for address in [
        "mysql://localhost/hufu",
        "hufu.db",
        "postgres://host:port/x",
        "",
    ] {
        let error = Db::connect(address, &impatient()).await.unwrap_err();
        assert!(matches!(error, StoreError::Address(_)), "{address}");
        assert!(
            error.to_string().contains("sqlite:./data/hufu.db"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_out_of_reach_may_come_back() {
    // Nothing listens on the discard port.
    let address = "postgres://hufu@127.0.0.1:9/hufu?sslmode=disable";
    let error = Db::connect(address, &impatient()).await.unwrap_err();
    assert!(error.is_unavailable(), "{error:?}");
}

#[tokio::test]
async fn a_sqlite_file_is_made_with_its_folder_and_only_for_its_owner() {
    let test = TestDb::empty_sqlite().await;
    let file = test.address().strip_prefix("sqlite:").unwrap().to_owned();
    let path = std::path::Path::new(&file)
        .with_file_name("deeper")
        .join("new.db");
    for address in [
        format!("sqlite:{}", path.display()),
        format!("sqlite://{}?mode=rwc", path.display()),
    ] {
        let db = Db::connect(&address, &Options::default()).await.unwrap();
        alteration::deploy(&db, None, NOW).await.unwrap();
        db.ping().await.unwrap();
        db.close().await;
    }
    #[cfg(unix)]
    for name in ["new.db", "new.db-wal"] {
        use std::os::unix::fs::PermissionsExt;
        let Ok(metadata) = std::fs::metadata(path.with_file_name(name)) else {
            continue;
        };
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_memory_database_leaves_no_file() {
    let db = Db::connect("sqlite::memory:", &Options::default())
        .await
        .unwrap();
    let Db::Sqlite(sqlite) = &db else {
        panic!("{db:?}");
    };
    let path = sqlite.path().to_owned();
    assert!(path.exists());
    db.close().await;
    drop(db);
    // A task of the last transaction may hold it for a moment.
    for _ in 0..100 {
        if !path.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} is still there", path.display());
}

#[tokio::test]
async fn a_pooler_that_keeps_no_statements_is_served() {
    let test = TestDb::postgres().await;
    for option in ["pooler=true", "statement_cache_capacity=0"] {
        let address = format!("{}&{option}", test.address());
        let db = Db::connect(&address, &Options::default()).await.unwrap();
        let tenant = option.split('=').next().unwrap();
        commit!(db, tx => store::tenant::insert(&mut tx, tenant, NOW));
        let Db::Postgres(pool) = &db else {
            panic!("{db:?}");
        };
        let mut connection = pool.acquire().await.unwrap();
        // Each statement twice: a kept one would be there the second time.
        for _ in 0..2 {
            let kept: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM pg_prepared_statements WHERE name <> ''")
                    .persistent(false)
                    .fetch_one(&mut *connection)
                    .await
                    .unwrap();
            assert_eq!(kept, 0, "{option}");
        }
        drop(connection);
        db.close().await;
    }
    test.remove().await;
}

#[tokio::test]
async fn a_missing_postgres_database_is_made_once() {
    let test = TestDb::postgres().await;
    let address = test
        .address()
        .replacen("hufu_test_", "hufu_test_missing_", 1);
    assert!(Db::create_if_missing(&address).await.unwrap());
    assert!(!Db::create_if_missing(&address).await.unwrap());
    let db = Db::connect(&address, &Options::default()).await.unwrap();
    db.ping().await.unwrap();
    db.close().await;
    assert!(!Db::create_if_missing("sqlite:./x.db").await.unwrap());
    test.remove().await;
}

#[tokio::test]
async fn the_statement_timeout_ends_a_statement_that_hangs() {
    let test = TestDb::postgres().await;
    let options = Options {
        statement_timeout: Some(Duration::from_millis(50)),
        ..Options::default()
    };
    let db = Db::connect(test.address(), &options).await.unwrap();
    commit!(test, tx => store::tenant::insert(&mut tx, "default", NOW));
    let mut holder = test.begin().await.unwrap();
    insert(&mut holder, &user("ann")).await.unwrap();
    // Waits for the other transaction's row, and not for ever.
    let mut tx = db.begin().await.unwrap();
    let error = insert(&mut tx, &user("ann")).await.unwrap_err();
    assert!(error.is_unavailable(), "{error:?}");
    drop((tx, holder));
    db.close().await;
    test.remove().await;
}
