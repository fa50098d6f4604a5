//! `/dashboard` (`contract/logto-api.md` §5.2).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{manager::Manager, support::ANN};

on_both!(
    people_are_counted_when_they_get_tokens,
    the_curve_has_thirty_days,
    new_people_are_counted,
);

async fn active(manager: &Manager, date: &str) -> Value {
    let path = format!("/dashboard/users/active{date}");
    manager.get(&path).await.with(200)
}

async fn people_are_counted_when_they_get_tokens(db: TestDb) {
    let mut manager = Manager::start(db).await;
    let total = manager.get("/dashboard/users/total").await.with(200);
    assert_eq!(total, json!({ "totalUserCount": 1 }));
    let before = active(&manager, "").await;
    assert_eq!(
        before["dau"],
        json!({ "count": 0, "delta": 0 }),
        "applications are no people"
    );

    let tokens = manager.server.tokens("chat", "openid offline_access").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let tokens = manager.server.refresh("chat", token).await.ok();
    let today = active(&manager, "").await;
    for name in ["dau", "wau", "mau"] {
        assert_eq!(today[name], json!({ "count": 1, "delta": 1 }), "{name}");
    }
    manager.server.advance(86_400);
    manager.renew().await;
    let next = active(&manager, "").await;
    assert_eq!(next["dau"], json!({ "count": 0, "delta": -1 }));
    assert_eq!(next["wau"], json!({ "count": 1, "delta": 1 }));
    let token = tokens["refresh_token"].as_str().unwrap();
    manager.server.refresh("chat", token).await.ok();
    assert_eq!(
        active(&manager, "").await["dau"],
        json!({ "count": 1, "delta": 0 })
    );
    assert_eq!(
        active(&manager, "").await["wau"]["count"],
        1,
        "each person once"
    );
}

async fn the_curve_has_thirty_days(db: TestDb) {
    let manager = Manager::start(db).await;
    let today = 1_800_000_000 / 86_400;
    let mut tx = manager.server.app.db().begin().await.unwrap();
    for (ago, people) in [(0, 2), (6, 1), (7, 3), (29, 1), (30, 5), (59, 1), (60, 9)] {
        for person in 0..people {
            let user = format!("user{person}");
            for _ in 0..2 {
                store::daily_active_user::insert(&mut tx, "default", today - ago, &user)
                    .await
                    .unwrap();
            }
        }
    }
    store::daily_active_user::insert(&mut tx, "admin", today, "theirs")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let told = active(&manager, "").await;
    assert_eq!(told, active(&manager, "?date=2027-01-15").await);
    let curve = told["dauCurve"].as_array().unwrap();
    assert_eq!(curve.len(), 30);
    assert_eq!(curve[29], json!({ "date": "2027-01-15", "count": 2 }));
    assert_eq!(curve[28], json!({ "date": "2027-01-14", "count": 0 }));
    assert_eq!(curve[0], json!({ "date": "2026-12-17", "count": 1 }));
    assert_eq!(told["dau"], json!({ "count": 2, "delta": 2 }));
    assert_eq!(told["wau"], json!({ "count": 2, "delta": -1 }));
    assert_eq!(told["mau"], json!({ "count": 3, "delta": -2 }));
    let past = active(&manager, "?date=2027-01-08").await;
    assert_eq!(past["dau"]["count"], 3);
    for date in ["15.01.2027", "2027-02-30", "today"] {
        let path = format!("/dashboard/users/active?date={date}");
        manager.get(&path).await.failed(400, "guard.invalid_input");
    }
}

async fn new_people_are_counted(db: TestDb) {
    let mut manager = Manager::start(db).await;
    let found = store::user::find(manager.server.app.db(), "default", ANN).await;
    let ann = found.unwrap().unwrap();
    let counts = async |manager: &Manager| manager.get("/dashboard/users/new").await.with(200);
    assert_eq!(
        counts(&manager).await,
        json!({ "today": { "count": 1, "delta": 1 }, "last7Days": { "count": 1, "delta": 1 } })
    );
    manager.server.advance(86_400);
    manager.renew().await;
    let mut tx = manager.server.app.db().begin().await.unwrap();
    for name in ["bob", "cid", "dan"] {
        let mut user = ann.clone();
        user.id = name.to_owned();
        user.username = Some(name.to_owned());
        user.primary_email = None;
        user.created_at = manager.server.now();
        store::user::insert(
            &mut tx,
            "default",
            &user,
            store::user::UsernameCase::Sensitive,
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(
        counts(&manager).await,
        json!({ "today": { "count": 3, "delta": 2 }, "last7Days": { "count": 4, "delta": 4 } })
    );
}
