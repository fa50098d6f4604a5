//! `/setup`: the first administrator.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use server::first_administrator::{Welcome, prepare};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::support::TestServer;

const PASSWORD: &str = "eight violins";

/// The token of a new link.
async fn token(server: &TestServer) -> String {
    match prepare(&server.app).await.unwrap() {
        Welcome::Link(address) => {
            let (place, token) = address.split_once("/setup?token=").unwrap();
            assert_eq!(place, "http://localhost:3002");
            token.to_owned()
        }
        other => panic!("{other:?}"),
    }
}

async fn send(server: &TestServer, request: Request<Body>) -> (u16, String) {
    let response = server.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn open(server: &TestServer, host: &str, token: &str) -> (u16, String) {
    let request = Request::builder()
        .uri(format!("/setup?token={token}"))
        .header("host", host)
        .body(Body::empty());
    send(server, request.unwrap()).await
}

fn form(token: &str, username: &str, password: &str) -> Request<Body> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("token", token),
            ("username", username),
            ("password", password),
        ])
        .finish();
    Request::post("/setup")
        .header("host", "localhost:3002")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

async fn administrators(server: &TestServer) -> i64 {
    store::user::count(server.app.db(), "admin").await.unwrap()
}

#[tokio::test]
async fn the_link_makes_an_administrator_once() {
    let server = TestServer::for_browsers().await;
    let token = token(&server).await;
    let (status, page) = open(&server, "localhost:3002", &token).await;
    assert_eq!(status, 200);
    assert!(page.contains("name=\"username\"") && page.contains("name=\"password\""));

    let (status, page) = send(&server, form(&token, "root_1", PASSWORD)).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(administrators(&server).await, 1);
    let case = store::user::UsernameCase::Sensitive;
    let made = store::user::find_by_username(server.app.db(), "admin", "root_1", case)
        .await
        .unwrap()
        .unwrap();
    let mut tx = server.app.db().begin().await.unwrap();
    let roles = store::role::names_of_user(&mut tx, "admin", &made.id)
        .await
        .unwrap();
    assert!(
        roles.iter().any(|role| role == "default:admin"),
        "{roles:?}"
    );
    assert!(roles.iter().any(|role| role == "user"), "{roles:?}");
    let relation = store::relation::ORGANIZATION_USER_ROLES;
    let parent = ["t-default", made.id.as_str()];
    let roles = store::relation::children(&mut tx, relation, "admin", &parent).await;
    assert_eq!(roles.unwrap(), ["admin"]);
    drop(tx);

    assert_eq!(open(&server, "localhost:3002", &token).await.0, 410);
    assert_eq!(send(&server, form(&token, "root_2", PASSWORD)).await.0, 410);
    assert_eq!(administrators(&server).await, 1);
    let welcome = prepare(&server.app).await.unwrap();
    assert!(
        matches!(welcome, Welcome::NotNeeded),
        "t54: closed afterwards"
    );
}

#[tokio::test]
async fn t54_fifty_tries_at_once_make_one_administrator() {
    let server = TestServer::for_browsers().await;
    let token = token(&server).await;
    let mut tries = JoinSet::new();
    for number in 0..50 {
        let request = form(&token, &format!("root_{number}"), PASSWORD);
        tries.spawn(server.router.clone().oneshot(request));
    }
    let mut made = 0;
    while let Some(answer) = tries.join_next().await {
        let status = answer.unwrap().unwrap().status().as_u16();
        assert!(matches!(status, 200 | 410 | 503), "{status}");
        made += i64::from(status == 200);
    }
    assert_eq!(made, 1);
    assert_eq!(administrators(&server).await, 1);
}

#[tokio::test]
async fn t54_an_earlier_link_does_not_outlive_the_first_administrator() {
    let server = TestServer::for_browsers().await;
    let token = token(&server).await;
    let mut tx = server.app.db().begin().await.unwrap();
    let made_elsewhere = identity::user::User::new("made_by_hand".into(), server.now());
    let case = store::user::UsernameCase::Sensitive;
    store::user::insert(&mut tx, "admin", &made_elsewhere, case)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(send(&server, form(&token, "root_1", PASSWORD)).await.0, 410);
    assert_eq!(administrators(&server).await, 1);
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one_and_all_end_after_a_day() {
    let server = TestServer::for_browsers().await;
    let old = token(&server).await;
    let new = token(&server).await;
    assert_eq!(open(&server, "localhost:3002", &old).await.0, 410);
    assert_eq!(open(&server, "localhost:3002", &new).await.0, 200);
    server.advance(86_401);
    assert_eq!(open(&server, "localhost:3002", &new).await.0, 410);
    assert_eq!(send(&server, form(&new, "root_1", PASSWORD)).await.0, 410);
    assert_eq!(administrators(&server).await, 0);
}

#[tokio::test]
async fn a_poor_password_or_name_keeps_the_link_alive() {
    let server = TestServer::for_browsers().await;
    let token = token(&server).await;
    for (username, password) in [("root_1", "short"), ("1st", PASSWORD), ("", "")] {
        let (status, page) = send(&server, form(&token, username, password)).await;
        assert_eq!(status, 200, "{username}");
        assert!(page.contains(&token), "the form again");
        assert_eq!(administrators(&server).await, 0);
    }
    assert_eq!(send(&server, form(&token, "root_1", PASSWORD)).await.0, 200);
    assert_eq!(administrators(&server).await, 1);
}

#[tokio::test]
async fn the_link_is_worth_nothing_elsewhere_and_cannot_be_guessed() {
    let server = TestServer::for_browsers().await;
    let token = token(&server).await;
    assert_eq!(
        open(&server, "id.test", &token).await.0,
        410,
        "the default tenant"
    );
    for guess in ["", "a", &"a".repeat(43)] {
        assert_eq!(open(&server, "localhost:3002", guess).await.0, 410);
        assert_eq!(send(&server, form(guess, "root_1", PASSWORD)).await.0, 410);
    }
    assert_eq!(administrators(&server).await, 0);
}
