//! What happens when somebody guesses passwords.

use serde_json::json;

use crate::{
    fixture::{PASSWORD, experience, is_signed_in, server, try_to_sign_in},
    support::{Browser, TestServer, browser::Answer},
};

/// A server that locks after three failures, for an hour.
async fn strict() -> TestServer {
    let server = server().await;
    let policy = json!({ "maxAttempts": 3, "lockoutDuration": 60 });
    experience(&server, json!({ "sentinelPolicy": policy })).await;
    server
}

/// Fails once under each name, from a browser that nobody knows.
async fn fail(server: &TestServer, names: &[&str]) -> Vec<Answer> {
    let mut browser = Browser::new(server);
    let mut answers = Vec::new();
    for name in names {
        answers.push(try_to_sign_in(&mut browser, name, "wrong trumpets").await);
    }
    answers
}

async fn signs_in(browser: &mut Browser<'_>, name: &str) -> bool {
    is_signed_in(&try_to_sign_in(browser, name, PASSWORD).await)
}

#[tokio::test]
async fn t47_user_name_and_email_in_any_spelling_share_the_account_s_failures() {
    let server = strict().await;
    fail(&server, &["ann", "ann@example.com", " ANN@Example.com"]).await;
    let mut browser = Browser::new(&server);
    for name in ["ann", "ann@example.com"] {
        assert!(!signs_in(&mut browser, name).await, "{name}");
    }
    assert!(signs_in(&mut browser, "bob").await, "others are not locked");
}

#[tokio::test]
async fn t50_names_of_nobody_are_locked_like_those_of_people() {
    let server = strict().await;
    let mut texts = Vec::new();
    for name in ["ann", "nob"] {
        let answers = fail(&server, &[name; 5]).await;
        let alert = |answer: &Answer| {
            let (_, after) = answer.body.split_once("role=\"alert\"").unwrap();
            after.split("</p>").next().unwrap().to_owned()
        };
        texts.push(answers.iter().map(alert).collect::<Vec<_>>());
    }
    assert_eq!(texts[0], texts[1]);
    assert_ne!(texts[0][0], texts[0][3], "the lock is told");
}

#[tokio::test]
async fn a_success_does_not_begin_the_count_anew() {
    let server = strict().await;
    fail(&server, &["ann", "ann"]).await;
    assert!(signs_in(&mut Browser::new(&server), "ann").await);
    fail(&server, &["ann"]).await;
    assert!(!signs_in(&mut Browser::new(&server), "ann").await);
}

#[tokio::test]
async fn failures_are_forgotten_after_an_hour() {
    let server = strict().await;
    fail(&server, &["ann", "ann"]).await;
    server.advance(3601);
    fail(&server, &["ann", "ann"]).await;
    assert!(signs_in(&mut Browser::new(&server), "ann").await);
}

#[tokio::test]
async fn t49_failures_under_a_lock_do_not_prolong_it() {
    let server = strict().await;
    fail(&server, &["ann"; 3]).await;
    server.advance(1800);
    fail(&server, &["ann"; 10]).await;
    server.advance(1799);
    assert!(!signs_in(&mut Browser::new(&server), "ann").await);
    server.advance(2);
    assert!(signs_in(&mut Browser::new(&server), "ann").await);
}

#[tokio::test]
async fn t49_whoever_keeps_guessing_does_not_keep_the_person_away() {
    let server = strict().await;
    let mut own = Browser::new(&server);
    assert!(signs_in(&mut own, "ann").await);
    for _ in 0..3 {
        fail(&server, &["ann"; 4]).await;
        assert!(!signs_in(&mut Browser::new(&server), "ann").await);
        assert!(
            signs_in(&mut own, "ann@example.com").await,
            "the browser is known"
        );
        server.advance(3601);
    }
}

#[tokio::test]
async fn t49_a_known_browser_has_no_more_guesses_than_others() {
    let server = strict().await;
    let mut own = Browser::new(&server);
    assert!(signs_in(&mut own, "ann").await);
    for _ in 0..3 {
        try_to_sign_in(&mut own, "ann", "wrong trumpets").await;
    }
    assert!(!signs_in(&mut own, "ann").await);
    assert!(
        signs_in(&mut Browser::new(&server), "ann").await,
        "nor do its failures count for others"
    );
}

#[tokio::test]
async fn t49_being_known_for_one_account_is_nothing_for_another() {
    let server = strict().await;
    fail(&server, &["ann"; 3]).await;
    let mut bobs = Browser::new(&server);
    assert!(signs_in(&mut bobs, "bob").await);
    assert!(!signs_in(&mut bobs, "ann").await);

    let mut forged = Browser::new(&server);
    let number = "a".repeat(21);
    for proof in [
        "",
        "AAAA",
        bobs.cookies["_hufu_browser"].split_once('.').unwrap().1,
    ] {
        let cookie = format!("{number}.{proof}");
        forged.cookies.insert("_hufu_browser".into(), cookie);
        assert!(!signs_in(&mut forged, "ann").await, "{proof}");
    }
}
