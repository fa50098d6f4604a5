//! `/sign-in`.

use identity::user::StoredPassword;
use serde_json::json;

use crate::{
    fixture::{
        Form, PASSWORD, REQUEST, experience, is_signed_in, server, set_password, try_to_sign_in,
    },
    support::{ANN, BOB, Browser, browser::parameter},
};

#[tokio::test]
async fn a_person_signs_in_with_user_name_or_email_and_password() {
    let server = server().await;
    for name in ["ann", " ann ", "ann@example.com", "Ann@Example.COM"] {
        let mut browser = Browser::new(&server);
        let form = Form::begin(&mut browser, REQUEST).await;
        let answer = form.sign_in(&mut browser, name, PASSWORD).await;
        assert!(is_signed_in(&answer), "{name}: {}", answer.body);
        let back = browser.get(answer.location()).await.redirect();
        assert_eq!(back.host_str(), Some("chat.test"));
        assert!(parameter(&back, "code").is_some(), "{back}");
        assert_eq!(parameter(&back, "state").as_deref(), Some("s"));
    }
}

#[tokio::test]
async fn only_what_the_tenant_offers_signs_in() {
    let server = server().await;
    let method = json!({ "identifier": "username", "password": true });
    experience(&server, json!({ "signIn": { "methods": [method] } })).await;
    let mut browser = Browser::new(&server);
    let by_email = try_to_sign_in(&mut browser, "ann@example.com", PASSWORD).await;
    assert_eq!(by_email.status, 200);
    assert!(is_signed_in(
        &try_to_sign_in(&mut browser, "ann", PASSWORD).await
    ));
}

#[tokio::test]
async fn where_there_are_only_providers_no_password_works() {
    let server = server().await;
    experience(&server, json!({ "signIn": { "methods": [] } })).await;
    let mut browser = Browser::new(&server);
    let sent = browser.get(&format!("/oidc/auth?{REQUEST}")).await;
    let page = browser.get(sent.location()).await;
    assert!(!page.body.contains("type=\"password\""), "{}", page.body);
}

#[tokio::test]
async fn where_only_new_accounts_are_allowed_nobody_signs_in() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    experience(&server, json!({ "signInMode": "Register" })).await;
    let answer = form.sign_in(&mut browser, "ann", PASSWORD).await;
    assert!(
        answer.location().starts_with("/register?"),
        "{}",
        answer.location()
    );
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn t50_the_answer_is_the_same_for_people_who_exist_and_who_do_not() {
    let server = server().await;
    set_social_only(&server).await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let mut seen = Vec::new();
    for name in ["ann", "nob", "nobody@example.com", "ann@example.com", "bob"] {
        let answer = form.sign_in(&mut browser, name, "wrong trumpets").await;
        assert_eq!(answer.status, 200);
        assert!(!answer.headers.contains_key("set-cookie"), "{name}");
        seen.push(
            answer
                .body
                .replace(&format!("value=\"{name}\""), "value=\"\""),
        );
    }
    assert!(seen[0].contains("role=\"alert\""), "{}", seen[0]);
    for body in &seen[1..] {
        assert_eq!(body, &seen[0]);
    }
}

/// Bob came through a provider and has no password.
async fn set_social_only(server: &crate::support::TestServer) {
    let mut tx = server.app.db().begin().await.unwrap();
    store::user::set_password(&mut tx, "default", BOB, None, server.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_account_without_a_password_has_none_that_works() {
    let server = server().await;
    set_social_only(&server).await;
    let mut browser = Browser::new(&server);
    for password in ["", PASSWORD] {
        let answer = try_to_sign_in(&mut browser, "bob", password).await;
        assert_eq!(answer.status, 200, "{password}");
    }
}

#[tokio::test]
async fn t25_the_session_cookie_is_new_after_every_sign_in() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let planted = "a".repeat(43);
    browser.cookies.insert("_session".into(), planted.clone());
    assert!(is_signed_in(
        &try_to_sign_in(&mut browser, "ann", PASSWORD).await
    ));
    let first = browser.cookies["_session"].clone();
    assert_ne!(first, planted);

    assert!(is_signed_in(
        &try_to_sign_in(&mut browser, "ann", PASSWORD).await
    ));
    assert_ne!(browser.cookies["_session"], first);
    let mut thief = Browser::new(&server);
    thief.cookies.insert("_session".into(), first);
    let answer = thief
        .get(&format!("/oidc/auth?{REQUEST}&prompt=none"))
        .await;
    let error = parameter(&answer.redirect(), "error");
    assert_eq!(
        error.as_deref(),
        Some("login_required"),
        "the old cookie is dead"
    );
}

#[tokio::test]
async fn t25_a_form_works_only_in_the_browser_that_opened_it() {
    let server = server().await;
    let mut attacker = Browser::new(&server);
    let form = Form::begin(&mut attacker, REQUEST).await;

    let mut victim = Browser::new(&server);
    let opened = victim.get(&form.address).await;
    assert_eq!(opened.status, 400, "the unknown-session page");
    let sent = form.sign_in(&mut victim, "ann", PASSWORD).await;
    assert_eq!(sent.status, 400);

    Form::begin(&mut victim, REQUEST).await;
    let sent = form.sign_in(&mut victim, "ann", PASSWORD).await;
    assert_eq!(sent.status, 400, "nor with an interaction of its own");
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let fields = [("identifier", "ann"), ("password", PASSWORD)];
    for csrf in [None, Some(""), Some("AAAA")] {
        let mut all = fields.to_vec();
        all.extend(csrf.map(|token| ("csrf", token)));
        let answer = browser.post(&form.address, &all).await;
        assert_eq!(answer.status, 403, "{csrf:?}");
    }
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn t30_several_tabs_sign_in_at_once() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let one = Form::begin(&mut browser, REQUEST).await;
    let other = Form::begin(&mut browser, &REQUEST.replace("state=s", "state=t")).await;
    for (form, state) in [(one, "s"), (other, "t")] {
        let answer = form.sign_in(&mut browser, "ann", PASSWORD).await;
        let back = browser.get(answer.location()).await.redirect();
        assert_eq!(parameter(&back, "state").as_deref(), Some(state));
    }
}

#[tokio::test]
async fn a_suspended_person_is_told_so_only_with_the_right_password() {
    let server = server().await;
    server.suspend(ANN).await;
    let mut browser = Browser::new(&server);
    let right = try_to_sign_in(&mut browser, "ann", PASSWORD).await;
    assert_eq!(right.status, 403);
    let wrong = try_to_sign_in(&mut browser, "ann", "wrong trumpets").await;
    assert_eq!(wrong.status, 200);
    assert!(wrong.body.contains("name=\"password\""));
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn an_older_hash_is_replaced_at_sign_in() {
    let server = server().await;
    let old = StoredPassword {
        digest: sha256_hex(PASSWORD),
        algorithm: "SHA256".into(),
    };
    set_password(&server, ANN, &old).await;
    let mut browser = Browser::new(&server);
    for _ in 0..2 {
        assert!(is_signed_in(
            &try_to_sign_in(&mut browser, "ann", PASSWORD).await
        ));
        let user = store::user::find(server.app.db(), "default", ANN)
            .await
            .unwrap()
            .unwrap();
        let stored = user.password.unwrap();
        assert_eq!(stored.algorithm, "Argon2id");
        assert!(stored.digest.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}

fn sha256_hex(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[tokio::test]
async fn t45_what_was_typed_is_shown_as_text() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let typed = "\"><script>alert(1)</script>";
    let answer = try_to_sign_in(&mut browser, typed, "x").await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
}

#[tokio::test]
async fn t53_endless_passwords_and_null_characters_are_nobodys() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let long = format!("{PASSWORD}{}", "a".repeat(40_000));
    for (name, password) in [
        ("ann", long.as_str()),
        ("ann\0", PASSWORD),
        ("", ""),
        ("ann", "\0"),
    ] {
        let answer = form.sign_in(&mut browser, name, password).await;
        assert_eq!(answer.status, 200, "{name:?}");
    }
    let endless = "a".repeat(1_000_000);
    let answer = form.sign_in(&mut browser, "ann", &endless).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("<html"), "a page, not a bare status");
    assert_eq!(server.sessions_of(ANN).await, 0);
}

#[tokio::test]
async fn t53_an_endless_password_does_not_stand_for_an_empty_one() {
    let server = server().await;
    let empty = StoredPassword {
        digest: sha256_hex(""),
        algorithm: "SHA256".into(),
    };
    set_password(&server, ANN, &empty).await;
    let mut browser = Browser::new(&server);
    let answer = try_to_sign_in(&mut browser, "ann", &"a".repeat(5000)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_language_chosen_on_the_page_stays() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, REQUEST).await;
    let german = browser.get(&format!("{}&locale=de", form.address)).await;
    assert!(german.body.contains("lang=\"de\""), "{}", german.body);
    let again = form.sign_in(&mut browser, "ann", "wrong trumpets").await;
    assert!(again.body.contains("lang=\"de\""), "after a form too");
}
