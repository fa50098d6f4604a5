//! Two nodes that start at once; what one node does alone is tested beside the code.

use store::{Db, Options, alteration, testing::TestDb};

use crate::fixture::{NOW, commit};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t59_nodes_that_start_at_once_make_one_schema_on_sqlite() {
    start_at_once(TestDb::empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t59_nodes_that_start_at_once_make_one_schema_on_postgres() {
    start_at_once(TestDb::empty_postgres().await).await;
}

#[tokio::test]
async fn t59_every_change_but_the_first_can_be_taken_back_on_sqlite() {
    take_back(TestDb::empty_sqlite().await).await;
}

#[tokio::test]
async fn t59_every_change_but_the_first_can_be_taken_back_on_postgres() {
    take_back(TestDb::empty_postgres().await).await;
}

async fn take_back(db: TestDb) {
    let all = alteration::list().len();
    assert_eq!(alteration::deploy(&db, None, NOW).await.unwrap().len(), all);
    assert_eq!(alteration::rollback(&db, 1).await.unwrap().len(), all - 1);
    assert_eq!(
        alteration::deploy(&db, None, NOW).await.unwrap().len(),
        all - 1
    );
    db.remove().await;
}

async fn start_at_once(test: TestDb) {
    let nodes: Vec<_> = (0..4)
        .map(|_| {
            let address = test.address().to_owned();
            tokio::spawn(async move {
                let db = Db::connect(&address, &Options::default()).await.unwrap();
                let made = alteration::deploy(&db, None, NOW).await.unwrap().len();
                assert!(alteration::pending(&db).await.unwrap().is_empty());
                db.close().await;
                made
            })
        })
        .collect();
    let mut made = 0;
    for node in nodes {
        made += node.await.unwrap();
    }
    assert_eq!(made, alteration::list().len(), "each alteration once");
    let deployed = alteration::deployed(&test).await.unwrap();
    assert_eq!(deployed.len(), alteration::list().len());
    assert!(deployed.iter().all(|deployed| deployed.deployed_at == NOW));
    commit!(test, tx => store::tenant::insert(&mut tx, "default", NOW));
    test.remove().await;
}
