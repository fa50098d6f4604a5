//! `/register`.

use axum::{Router, extract::Path, routing::get};
use serde_json::json;

use crate::{
    fixture::{Form, PASSWORD, REQUEST, experience, is_signed_in, server, try_to_sign_in},
    support::{ANN, Browser, TestServer, browser::Answer, browser::parameter},
};

const NEW: &str = "eight violins";

async fn register(browser: &mut Browser<'_>, username: &str, password: &str) -> Answer {
    let form = Form::begin(browser, &format!("{REQUEST}&first_screen=register")).await;
    assert!(form.address.starts_with("/register?"), "{}", form.address);
    let fields = [("username", username), ("password", password)];
    form.send(browser, &fields).await
}

async fn exists(server: &TestServer, username: &str) -> bool {
    let case = store::user::UsernameCase::Sensitive;
    store::user::find_by_username(server.app.db(), "default", username, case)
        .await
        .unwrap()
        .is_some()
}

#[tokio::test]
async fn a_new_account_is_made_and_signed_in() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let answer = register(&mut browser, "carol", NEW).await;
    assert!(is_signed_in(&answer), "{}", answer.body);
    let back = browser.get(answer.location()).await.redirect();
    assert!(parameter(&back, "code").is_some(), "{back}");
    assert!(is_signed_in(
        &try_to_sign_in(&mut browser, "carol", NEW).await
    ));

    let case = store::user::UsernameCase::Sensitive;
    let carol = store::user::find_by_username(server.app.db(), "default", "carol", case)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(carol.application_id.as_deref(), Some("chat"));
    assert_eq!(carol.password.unwrap().algorithm, "Argon2id");
}

#[tokio::test]
async fn a_name_that_is_taken_or_impossible_is_refused_with_a_reason() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let long = "a".repeat(129);
    for username in [
        "ann",
        "1st",
        "carol bell",
        "",
        "carol\0",
        "carol@example.com",
        &long,
    ] {
        let answer = register(&mut browser, username, NEW).await;
        assert_eq!(answer.status, 200, "{username:?}");
        assert!(
            answer.body.contains("id=\"username-wrong\""),
            "{username:?}: {}",
            answer.body
        );
        assert!(!answer.body.contains(NEW), "the password is not sent back");
    }
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn t53_passwords_outside_the_policy_make_no_account() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let long = "xk7 ".repeat(10_000);
    for password in [
        "",
        "short",
        "12345678",
        "carol_carol",
        "träumerisch",
        "nul\0nul\0nul",
        &long,
    ] {
        let answer = register(&mut browser, "carol_carol", password).await;
        assert_eq!(answer.status, 200, "{password:.20}");
        assert!(
            answer.body.contains("id=\"password-wrong\""),
            "{password:.20}: {}",
            answer.body
        );
    }
    assert!(!exists(&server, "carol_carol").await);
}

#[tokio::test]
async fn two_people_cannot_take_one_name_at_once() {
    let server = server().await;
    let (mut one, mut other) = (Browser::new(&server), Browser::new(&server));
    let answers = tokio::join!(
        register(&mut one, "carol", NEW),
        register(&mut other, "carol", NEW)
    );
    let signed_in = [&answers.0, &answers.1].map(is_signed_in);
    assert_eq!(signed_in.iter().filter(|done| **done).count(), 1);
}

#[tokio::test]
async fn where_only_sign_in_is_allowed_no_account_is_made() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, &format!("{REQUEST}&first_screen=register")).await;
    experience(&server, json!({ "signInMode": "SignIn" })).await;
    let shown = browser.get(&form.address).await;
    assert!(shown.location().starts_with("/sign-in?"));
    let sent = form
        .send(&mut browser, &[("username", "carol"), ("password", NEW)])
        .await;
    assert!(sent.location().starts_with("/sign-in?"));
    assert!(!exists(&server, "carol").await);
}

#[tokio::test]
async fn where_names_ignore_case_a_name_in_other_letters_is_taken() {
    let server = server().await;
    let policy = json!({ "caseSensitive": false });
    experience(&server, json!({ "usernamePolicy": policy })).await;
    let mut browser = Browser::new(&server);
    let answer = register(&mut browser, "ANN", NEW).await;
    assert!(
        answer.body.contains("id=\"username-wrong\""),
        "{}",
        answer.body
    );
    assert!(is_signed_in(
        &try_to_sign_in(&mut browser, "Ann", PASSWORD).await
    ));
}

/// A server that looks passwords up at a service which knows [`NEW`].
async fn with_breach_service() -> TestServer {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = format!("http://{}/range/", listener.local_addr().unwrap());
    let (known, rest) = identity::password::policy::breach_query(NEW);
    let answer = async move |Path(prefix): Path<String>| {
        assert_eq!(prefix.len(), 5, "no more of the hash is told");
        if prefix == known {
            format!("{rest}:7\r\n")
        } else {
            String::new()
        }
    };
    let router: Router = Router::new().route("/range/{prefix}", get(answer));
    tokio::spawn(async { axum::serve(listener, router).await });
    let variables = [
        ("HUFU_BREACH_SERVICE", service.as_str()),
        ("HUFU_OUTBOUND_ALLOW", "127.0.0.1"),
    ];
    TestServer::for_browsers_with(&variables).await
}

#[tokio::test]
async fn a_password_known_from_a_breach_is_refused() {
    let server = with_breach_service().await;
    let mut browser = Browser::new(&server);
    let answer = register(&mut browser, "carol", NEW).await;
    assert!(
        answer.body.contains("id=\"password-wrong\""),
        "{}",
        answer.body
    );
    assert!(!exists(&server, "carol").await);
    assert!(is_signed_in(
        &register(&mut browser, "carol", PASSWORD).await
    ));
}

#[tokio::test]
async fn an_operator_can_do_without_the_breach_service() {
    let server = with_breach_service().await;
    let policy = json!({ "rejects": { "pwned": false } });
    experience(&server, json!({ "passwordPolicy": policy })).await;
    let mut browser = Browser::new(&server);
    assert!(is_signed_in(&register(&mut browser, "carol", NEW).await));
}

#[tokio::test]
async fn a_breach_service_that_cannot_be_reached_turns_nobody_away() {
    // Nobody listens on the port of a listener that is gone.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let variables = [
        ("HUFU_BREACH_SERVICE", service.as_str()),
        ("HUFU_OUTBOUND_ALLOW", "127.0.0.1"),
    ];
    let server = TestServer::for_browsers_with(&variables).await;
    let mut browser = Browser::new(&server);
    assert!(is_signed_in(&register(&mut browser, "carol", NEW).await));
}
