//! `/oidc/session/end`.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::{ANN, BOB, Browser, ISSUER, TestServer, browser::parameter};

const QUERY: &str =
    "client_id=chat&redirect_uri=http%3A%2F%2Fchat.test%2Fcallback&response_type=code&scope=openid";
const BYE: &str = "http://chat.test/bye";

/// Whether the browser is still signed in.
async fn is_signed_in(browser: &mut Browser<'_>) -> bool {
    let answer = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    parameter(&answer, "code").is_some()
}

async fn signed_in<'s>(server: &'s TestServer, user_id: &str, query: &str) -> Browser<'s> {
    let mut browser = Browser::new(server);
    browser.authorize_as(user_id, query).await;
    browser
}

#[tokio::test]
async fn with_an_id_token_even_an_expired_one_the_session_ends_and_the_browser_returns() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    let token = server.id_token(ANN, "chat");
    server.advance(7200);
    let query = format!("id_token_hint={token}&post_logout_redirect_uri={BYE}&state=s");
    let answer = browser.get(&format!("/oidc/session/end?{query}")).await;
    assert_eq!(answer.location(), format!("{BYE}?state=s"));
    assert!(!browser.cookies.contains_key("_session"));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn what_real_clients_send_is_understood() {
    let server = TestServer::for_browsers().await;
    let token = server.id_token(ANN, "chat");
    for (query, location) in [
        ("client_id=chat".to_owned(), "/oidc/session/end/success"),
        (
            "client_id=chat&ui_locales=fr+en".to_owned(),
            "/oidc/session/end/success?ui_locales=fr+en",
        ),
        (
            format!("client_id=chat&post_logout_redirect_uri={BYE}"),
            BYE,
        ),
        (
            format!("client_id=chat&logout_hint=ann@example.com&post_logout_redirect_uri={BYE}"),
            BYE,
        ),
        (
            format!("id_token_hint={token}&post_logout_redirect_uri={BYE}?a=b&c=d"),
            "http://chat.test/bye?a=b&c=d",
        ),
        (
            format!("id_token_hint=None&client_id=chat&post_logout_redirect_uri={BYE}"),
            BYE,
        ),
        (
            format!("id_token_hint={token}&post_logout_redirect_uri=https://unregistered.example"),
            "/oidc/session/end/success",
        ),
    ] {
        let mut browser = signed_in(&server, ANN, QUERY).await;
        let answer = browser.get(&format!("/oidc/session/end?{query}")).await;
        assert_eq!(answer.location(), location, "{query}");
        assert!(!is_signed_in(&mut browser).await, "{query}");
    }
}

#[tokio::test]
async fn a_posted_request_is_the_same_request() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    let token = server.id_token(ANN, "chat");
    let fields = [
        ("id_token_hint", &*token),
        ("post_logout_redirect_uri", BYE),
    ];
    let repeated = browser.post("/oidc/session/end", &fields).await;
    assert_eq!(browser.get(repeated.location()).await.location(), BYE);
}

#[tokio::test]
async fn without_anything_the_person_is_asked_and_then_told() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    let page = browser.get("/oidc/session/end").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(is_signed_in(&mut browser).await, "not yet");
    let csrf = page.hidden_field("csrf");
    let answer = browser
        .post(
            "/oidc/session/end/confirm",
            &[("csrf", &csrf), ("request", "")],
        )
        .await;
    let done = browser.get(answer.location()).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn t27_a_hint_of_another_person_or_a_forged_one_only_asks() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    let bobs = server.id_token(BOB, "chat");
    let (signed, _) = bobs.rsplit_once('.').unwrap();
    for hint in [&*bobs, &format!("{signed}.AAAA"), &format!("{signed}.")] {
        let answer = browser
            .get(&format!(
                "/oidc/session/end?id_token_hint={hint}&post_logout_redirect_uri={BYE}"
            ))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{hint}");
        assert!(is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn the_confirmation_cannot_be_forged() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    let mut other = signed_in(&server, BOB, QUERY).await;
    let csrf = other.get("/oidc/session/end").await.hidden_field("csrf");
    for token in ["", "x", &*csrf] {
        let answer = browser
            .post("/oidc/session/end/confirm", &[("csrf", token)])
            .await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert!(is_signed_in(&mut browser).await);
    }
}

#[tokio::test]
async fn t28_logout_ends_only_what_that_session_gave_and_leaves_offline_access() {
    let server = TestServer::for_browsers().await;
    let mut phone = signed_in(&server, ANN, QUERY).await;
    let mut desk = signed_in(&server, ANN, QUERY).await;
    desk.get(&format!(
        "/oidc/auth?{}",
        QUERY.replace("scope=openid", "scope=openid+offline_access")
    ))
    .await;
    assert_eq!(server.grants_of(ANN).await, 3);
    desk.get("/oidc/session/end?client_id=chat").await;
    assert_eq!(
        server.grants_of(ANN).await,
        2,
        "the phone's, and the one with offline_access"
    );
    assert!(is_signed_in(&mut phone).await);
}

#[tokio::test]
async fn applications_of_the_session_are_told_by_back_channel() {
    let server = TestServer::for_browsers().await;
    let mut browser = signed_in(&server, ANN, QUERY).await;
    browser.get(&format!("/oidc/auth?{QUERY}")).await;
    assert!(server.logout_tokens().await.is_empty());
    browser.get("/oidc/session/end?client_id=chat").await;
    let tokens = server.logout_tokens().await;
    let [(url, header, claims)] = &*tokens else {
        panic!("{tokens:?}");
    };
    assert_eq!(url, "http://chat.test/backchannel");
    assert_eq!(header["typ"], "logout+jwt");
    assert_eq!(claims["aud"], "chat");
    assert_eq!(claims["sub"], ANN);
    assert_eq!(claims["iss"], ISSUER);
    assert!(claims["sid"].as_str().is_some_and(|sid| sid.len() == 21));
    assert_eq!(claims.get("nonce"), None::<&Value>);
}
