//! Many requests at the same moment, on both databases: `scripts/with-postgres cargo test -p server --test oidc`.

use std::collections::HashSet;

use store::{on_both, testing::TestDb};

use crate::support::{ANN, TestServer};

on_both!(
    t12_parallel_redemption_gives_one_success_and_the_losers_revoke_it,
    t16_parallel_refreshes_make_one_family,
    a_refresh_and_a_revocation_at_once_leave_nothing_alive,
    an_account_deleted_while_tokens_are_asked_for_ends_them_all,
);

async fn t12_parallel_redemption_gives_one_success_and_the_losers_revoke_it(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let code = server.code("chat", "openid offline_access").await;
    let attempts: Vec<_> = (0..50)
        .map(|_| {
            let (server, code) = (server.clone(), code.clone());
            tokio::spawn(async move { server.redeem("chat", &code).await })
        })
        .collect();
    let mut successes = Vec::new();
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        if answer.status == 200 {
            successes.push(answer.body);
        } else {
            answer.refused(400, "invalid_grant");
        }
    }
    assert_eq!(successes.len(), 1);
    let token = |name: &str| successes[0][name].as_str().unwrap();
    server
        .userinfo(token("access_token"))
        .await
        .refused(401, "invalid_token");
    server
        .refresh("chat", token("refresh_token"))
        .await
        .refused(400, "invalid_grant");
    db.remove().await;
}

async fn t16_parallel_refreshes_make_one_family(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let first = server.tokens("native", "openid offline_access").await;
    let attempts: Vec<_> = (0..20)
        .map(|_| {
            let (server, token) = (
                server.clone(),
                first["refresh_token"].as_str().unwrap().to_owned(),
            );
            tokio::spawn(async move { server.refresh("native", &token).await.ok() })
        })
        .collect();
    let mut successors = HashSet::new();
    for attempt in attempts {
        let tokens = attempt.await.unwrap();
        successors.insert(tokens["refresh_token"].as_str().unwrap().to_owned());
    }
    assert_eq!(successors.len(), 1);
    for successor in successors {
        server.refresh("native", &successor).await.ok();
    }
    db.remove().await;
}

async fn a_refresh_and_a_revocation_at_once_leave_nothing_alive(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    for round in 0..10 {
        let client = ["native", "chat"][round % 2]; // one rotates, the other keeps its token
        let tokens = server.tokens(client, "openid offline_access").await;
        let token = tokens["refresh_token"].as_str().unwrap().to_owned();
        let attempts: Vec<_> = (0..6)
            .map(|number| {
                let (server, token) = (server.clone(), token.clone());
                tokio::spawn(async move {
                    match number {
                        3 => server.revoke(client, &token).await,
                        _ => server.refresh(client, &token).await,
                    }
                })
            })
            .collect();
        let mut given = Vec::new();
        for attempt in attempts {
            let answer = attempt.await.unwrap();
            assert!(matches!(answer.status, 200 | 400), "{}", answer.body);
            given.extend(answer.body["access_token"].as_str().map(str::to_owned));
        }
        for access_token in given {
            server
                .userinfo(&access_token)
                .await
                .refused(401, "invalid_token");
        }
        server
            .refresh(client, &token)
            .await
            .refused(400, "invalid_grant");
    }
    db.remove().await;
}

/// Whoever asks is told that it has ended, and nobody that we failed.
async fn an_account_deleted_while_tokens_are_asked_for_ends_them_all(db: TestDb) {
    let server = TestServer::on(db.clone()).await;
    let mut asked = Vec::new();
    for number in 0..24 {
        let client = ["native", "chat"][number % 2];
        let code = server.code(client, "openid offline_access").await;
        if number % 3 == 0 {
            asked.push((client, code, String::new()));
        } else {
            let tokens = server.redeem(client, &code).await.ok();
            let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
            asked.push((client, String::new(), refresh));
        }
    }
    let deletion = {
        let server = server.clone();
        tokio::spawn(async move {
            loop {
                let mut tx = server.app.db().begin().await.unwrap();
                match store::user::delete(&mut tx, "default", ANN).await {
                    Ok(_) => return tx.commit().await.unwrap(),
                    Err(error) => assert!(error.is_deadlock(), "{error:?}"),
                }
            }
        })
    };
    let attempts: Vec<_> = asked
        .iter()
        .cloned()
        .map(|(client, code, refresh)| {
            let server = server.clone();
            tokio::spawn(async move {
                let answer = if refresh.is_empty() {
                    server.redeem(client, &code).await
                } else {
                    server.refresh(client, &refresh).await
                };
                assert!(answer.status < 500, "{}", answer.body);
                answer.body["refresh_token"]
                    .as_str()
                    .map(|token| (client, token.to_owned()))
            })
        })
        .collect();
    let mut tokens = Vec::new();
    for attempt in attempts {
        tokens.extend(attempt.await.unwrap());
    }
    deletion.await.unwrap();
    for (client, token) in tokens {
        server
            .refresh(client, &token)
            .await
            .refused(400, "invalid_grant");
    }
    assert!(store::testing::orphans(&db).await.is_empty());
    db.remove().await;
}
