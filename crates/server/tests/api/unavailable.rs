//! A database that is out of reach, or has no connection free: everybody is told to come back, in the words of their face.

use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(who_finds_no_database_is_told_to_come_back);

async fn who_finds_no_database_is_told_to_come_back(db: TestDb) {
    let manager = Manager::start(db).await;
    manager.server.app.db().close().await;

    let answer = manager.get("/users").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
    assert_eq!(answer.body["code"], "request.general");

    let answer = manager.server.userinfo(&"x".repeat(43)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
    assert_eq!(answer.body["error"], "temporarily_unavailable");

    let page = "/sign-in?interaction=aaaaaaaaaaaaaaaaaaaaa";
    let cookie = format!("_interaction={}", "x".repeat(43));
    let answer = manager.server.get(page, &[("cookie", &cookie)]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
}
