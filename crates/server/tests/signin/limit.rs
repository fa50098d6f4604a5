//! `maxAllowedGrants`: how many sign-ins of one person an application may have at once (`contract/logto-core.md` §3.11).

use serde_json::json;

use crate::{
    event::{told, world},
    fixture::{Form, PASSWORD, REQUEST, is_signed_in},
    support::{ANN, BOB, Browser, TestServer, browser::parameter},
};

async fn allow(server: &TestServer, most: u32) {
    let mut tx = server.app.db().begin().await.unwrap();
    let found = store::application::find(&mut tx, "default", "chat").await;
    let mut chat = found.unwrap().unwrap();
    let rest = &mut chat.custom_client_metadata.rest;
    rest.insert("maxAllowedGrants".to_owned(), json!(most));
    store::application::update(&mut tx, "default", &chat)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
}

/// Signs in at a new browser, all the way to the application.
async fn signed_in<'s>(server: &'s TestServer, name: &str) -> Browser<'s> {
    let mut browser = Browser::new(server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let answer = form.sign_in(&mut browser, name, PASSWORD).await;
    assert!(is_signed_in(&answer));
    let back = browser.get(answer.location()).await.redirect();
    assert!(parameter(&back, "code").is_some());
    server.advance(1);
    browser
}

async fn authorize_again(browser: &mut Browser<'_>) {
    let back = browser.get(&format!("/oidc/auth?{REQUEST}")).await;
    assert!(parameter(&back.redirect(), "code").is_some());
}

async fn grant_ids(server: &TestServer, user_id: &str) -> Vec<String> {
    let listed = store::grant::list(server.app.db(), "default", user_id, server.now()).await;
    listed
        .unwrap()
        .into_iter()
        .map(|grant| grant.id)
        .rev()
        .collect()
}

#[tokio::test]
async fn the_oldest_sign_in_ends_and_hooks_hear_of_it() {
    let (server, receiver) = world(&["Grant.LimitExceeded"]).await;
    allow(&server, 2).await;
    signed_in(&server, "bob").await;
    let mut first = signed_in(&server, "ann").await;
    let mut second = signed_in(&server, "ann").await;
    // A browser that comes back is no further sign-in.
    for browser in [&mut first, &mut second] {
        authorize_again(browser).await;
        server.advance(1);
    }
    let before = grant_ids(&server, ANN).await;
    assert_eq!(before.len(), 4);
    assert!(told(&server, &receiver).await.is_empty());

    signed_in(&server, "ann").await;
    let after = grant_ids(&server, ANN).await;
    assert_eq!(after.len(), 3);
    let [call] = told(&server, &receiver).await.try_into().unwrap();
    let body = &call.body;
    assert_eq!(body["event"], "Grant.LimitExceeded");
    assert_eq!(body["userId"], ANN);
    assert_eq!(body["applicationId"], "chat");
    assert_eq!(body["maxAllowedGrants"], 2);
    assert_eq!(body["preRevocationActiveGrantCount"], 3);
    let mut ended: Vec<_> = before
        .iter()
        .filter(|id| !after.contains(id))
        .map(String::as_str)
        .collect();
    let mut told: Vec<_> = body["revokedGrantIds"].as_array().unwrap().clone();
    told.sort_by_key(ToString::to_string);
    ended.sort_unstable();
    assert_eq!(json!(told), json!(ended));
    assert_eq!(grant_ids(&server, BOB).await.len(), 1);
}

#[tokio::test]
async fn sign_ins_that_are_over_do_not_count() {
    let (server, receiver) = world(&["Grant.LimitExceeded"]).await;
    allow(&server, 1).await;
    signed_in(&server, "ann").await;
    server.revoke_sessions_of(ANN).await;
    signed_in(&server, "ann").await;
    assert!(told(&server, &receiver).await.is_empty());
    signed_in(&server, "ann").await;
    assert_eq!(told(&server, &receiver).await.len(), 1);
}

#[tokio::test]
async fn without_a_limit_nothing_ends() {
    let (server, receiver) = world(&["Grant.LimitExceeded"]).await;
    for _ in 0..3 {
        signed_in(&server, "ann").await;
    }
    assert_eq!(server.grants_of(ANN).await, 3);
    assert!(told(&server, &receiver).await.is_empty());
}
