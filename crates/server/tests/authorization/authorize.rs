//! `/oidc/auth` and its resumption.

use axum::http::StatusCode;
use store::application;

use crate::support::{ANN, BOB, Browser, ISSUER, TestServer, browser::parameter};

const QUERY: &str = "client_id=chat&redirect_uri=http%3A%2F%2Fchat.test%2Fcallback&response_type=code&scope=openid&state=s";

#[tokio::test]
async fn a_person_signs_in_once_and_is_known_afterwards() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);

    let page = browser
        .get(&format!("/oidc/auth?{QUERY}&login_hint=ann&ui_locales=fr"))
        .await;
    let location = page.location();
    assert!(location.starts_with("/sign-in?i="), "{location}");
    assert!(
        location.ends_with("&app_id=chat&ui_locales=fr&login_hint=ann"),
        "{location}"
    );

    let resume = browser.sign_in_at(location, ANN).await;
    let answer = browser.get(&resume).await.redirect();
    assert_eq!(answer.host_str(), Some("chat.test"));
    assert_eq!(parameter(&answer, "code").unwrap().len(), 43);
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s"));
    assert_eq!(parameter(&answer, "iss"), Some(ISSUER.to_owned()));
    assert_eq!(answer.query_pairs().count(), 3);

    let silent = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    assert!(parameter(&silent, "code").is_some(), "{silent}");
    let again = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=consent"))
        .await
        .redirect();
    assert!(
        parameter(&again, "code").is_some(),
        "no consent page for first-party applications"
    );
}

#[tokio::test]
async fn a_silent_request_without_a_session_fails_by_redirect() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let answer = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    assert_eq!(
        parameter(&answer, "error").as_deref(),
        Some("login_required")
    );
    assert_eq!(
        parameter(&answer, "iss"),
        Some(ISSUER.to_owned()),
        "t20: in errors too"
    );
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s"));
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn t06_errors_before_the_address_is_proven_are_shown_on_a_page() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    for query in [
        QUERY.replace("chat.test", "evil.com"),
        format!("{}&prompt=none", QUERY.replace("chat.test", "evil.com")),
        QUERY.replace("client_id=chat", "client_id=nobody"),
        QUERY.replace("client_id=chat&", ""),
    ] {
        let answer = browser.get(&format!("/oidc/auth?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(!answer.headers.contains_key("location"), "{query}");
        assert!(
            answer.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_posted_request_is_the_same_request() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let fields = [
        ("client_id", "chat"),
        ("redirect_uri", "http://chat.test/callback"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "a b&c"),
    ];
    let repeated = browser.post("/oidc/auth", &fields).await;
    let page = browser.get(repeated.location()).await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    let answer = browser.get(&resume).await.redirect();
    assert_eq!(parameter(&answer, "state").as_deref(), Some("a b&c"));
    assert!(parameter(&answer, "code").is_some());
}

#[tokio::test]
async fn form_post_answers_with_a_form_that_works_without_script() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let page = browser
        .get(&format!("/oidc/auth?{QUERY}&response_mode=form_post"))
        .await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    let answer = browser.get(&resume).await;
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "action=\"http://chat.test/callback\"",
        "name=\"code\"",
        "name=\"state\"",
        "name=\"iss\"",
        "<button",
    ] {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    assert!(!answer.body.contains("<script>"), "no inline script");
}

#[tokio::test]
async fn t25_an_interaction_opens_only_in_the_browser_that_began_it() {
    let server = TestServer::for_browsers().await;
    let mut attacker = Browser::new(&server);
    let page = attacker.get(&format!("/oidc/auth?{QUERY}")).await;
    let location = page.location().to_owned();
    let resume = attacker.sign_in_at(&location, BOB).await;

    let mut victim = Browser::new(&server);
    let opened = victim.get(&resume).await;
    assert_eq!(opened.status, StatusCode::BAD_REQUEST);
    victim.get(&format!("/oidc/auth?{QUERY}")).await;
    let opened = victim.get(&resume).await;
    assert_eq!(
        opened.status,
        StatusCode::BAD_REQUEST,
        "nor with an interaction of one's own"
    );
}

#[tokio::test]
async fn t25_the_session_secret_changes_at_log_in_and_the_session_stays() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    let before = browser.cookies["_session"].clone();
    server.advance(5);
    browser
        .authorize_as(ANN, &format!("{QUERY}&prompt=login"))
        .await;
    let after = browser.cookies["_session"].clone();
    assert_ne!(before, after);
    assert_eq!(server.sessions_of(ANN).await, 1);

    browser.cookies.insert("_session".to_owned(), before);
    let old = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    assert_eq!(parameter(&old, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn t29_prompt_login_and_select_account_really_ask() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    let login = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=login"))
        .await;
    let location = login.location().to_owned();
    assert!(location.starts_with("/sign-in?"), "{location}");
    let skipped = location.replace("/sign-in?i=", "/oidc/auth/");
    let skipped = skipped.split('&').next().unwrap();
    let asked_again = browser.get(skipped).await;
    assert!(
        asked_again.location().starts_with("/sign-in?"),
        "resuming without signing in asks again"
    );

    let select = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=select_account"))
        .await;
    assert!(
        select.location().starts_with("/switch-account?"),
        "{}",
        select.location()
    );
}

#[tokio::test]
async fn t30_two_tabs_sign_in_at_once() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let one = browser
        .get(&format!("/oidc/auth?{QUERY}&nonce=1"))
        .await
        .location()
        .to_owned();
    let two = browser
        .get(&format!(
            "/oidc/auth?{}",
            QUERY.replace("state=s", "state=t")
        ))
        .await
        .location()
        .to_owned();
    let resume = browser.sign_in_at(&one, ANN).await;
    let answer = browser.get(&resume).await.redirect();
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s"));
    let resume = two.replace("/sign-in?i=", "/oidc/auth/");
    let answer = browser
        .get(resume.split('&').next().unwrap())
        .await
        .redirect();
    assert_eq!(
        parameter(&answer, "state").as_deref(),
        Some("t"),
        "already signed in by the other tab"
    );
}

#[tokio::test]
async fn an_interaction_gives_one_code() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!("/oidc/auth?{QUERY}")).await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    browser.get(&resume).await.redirect();
    assert_eq!(browser.get(&resume).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn racing_resumptions_give_one_code() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!("/oidc/auth?{QUERY}")).await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| browser.clone());
    let answers = tokio::join!(
        a.get(&resume),
        b.get(&resume),
        c.get(&resume),
        d.get(&resume)
    );
    let answers: [_; 4] = answers.into();
    let codes = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::SEE_OTHER)
        .count();
    assert_eq!(codes, 1);
    assert_eq!(server.grants_of(ANN).await, 1);
}

#[tokio::test]
async fn t26_a_session_that_is_revoked_is_dead_at_once() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    server.revoke_sessions_of(ANN).await;
    let silent = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    assert_eq!(
        parameter(&silent, "error").as_deref(),
        Some("login_required")
    );
}

#[tokio::test]
async fn an_application_that_changed_its_addresses_meanwhile_gets_no_answer_at_the_old_one() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let page = browser.get(&format!("/oidc/auth?{QUERY}")).await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    server
        .change("chat", |chat| {
            chat.oidc_client_metadata.redirect_uris =
                vec!["https://elsewhere.example.com/cb".to_owned()];
        })
        .await;
    assert_eq!(browser.get(&resume).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn max_age_asks_again_and_the_answer_is_fresh() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    server.advance(10);
    let young = browser
        .get(&format!("/oidc/auth?{QUERY}&max_age=10"))
        .await
        .redirect();
    assert!(parameter(&young, "code").is_some());
    let old = browser.get(&format!("/oidc/auth?{QUERY}&max_age=9")).await;
    assert!(old.location().starts_with("/sign-in?"));
}

#[tokio::test]
async fn a_session_slides_and_ends_when_it_is_not_used() {
    const DAY: i64 = 86_400;
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    let silent = format!("/oidc/auth?{QUERY}&prompt=none");
    for _ in 0..3 {
        server.advance(10 * DAY);
        assert!(parameter(&browser.get(&silent).await.redirect(), "code").is_some());
    }
    server.advance(14 * DAY + 1);
    let late = browser.get(&silent).await.redirect();
    assert_eq!(parameter(&late, "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn t17_a_suspended_person_is_not_let_in_over_a_live_session() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    server.suspend(ANN).await;
    let silent = browser
        .get(&format!("/oidc/auth?{QUERY}&prompt=none"))
        .await
        .redirect();
    assert_eq!(
        parameter(&silent, "error").as_deref(),
        Some("login_required")
    );
}

#[tokio::test]
async fn signing_in_as_another_person_ends_the_first_session() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    browser
        .authorize_as(BOB, &format!("{QUERY}&prompt=login"))
        .await;
    assert_eq!(
        (server.sessions_of(ANN).await, server.sessions_of(BOB).await),
        (0, 1)
    );
    assert_eq!(server.grants_of(ANN).await, 0);
}

#[tokio::test]
async fn a_third_party_application_is_asked_about_and_denied_silently() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    browser.authorize_as(ANN, QUERY).await;
    let query = QUERY.replace("chat", "partner");
    let page = browser.get(&format!("/oidc/auth?{query}")).await;
    assert!(
        page.location().starts_with("/consent?i="),
        "{}",
        page.location()
    );
    let silent = browser
        .get(&format!("/oidc/auth?{query}&prompt=none"))
        .await
        .redirect();
    assert_eq!(
        parameter(&silent, "error").as_deref(),
        Some("consent_required")
    );
}

#[tokio::test]
async fn direct_sign_in_goes_to_a_provider_that_the_tenant_has() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let address = format!("/oidc/auth?{QUERY}&direct_sign_in=social:github");
    let page = browser.get(&address).await;
    assert!(
        page.location().starts_with("/sign-in?i="),
        "{}",
        page.location()
    );
    server.connect_github().await;
    let page = browser.get(&address).await;
    assert!(
        page.location().starts_with("/direct/social/github?i="),
        "{}",
        page.location()
    );
}

#[tokio::test]
async fn the_first_screen_is_the_one_that_was_asked_for() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    for (hint, path) in [
        ("first_screen=register", "/register?"),
        ("screen_hint=signup", "/register?"),
        ("prompt=create", "/register?"),
        (
            "first_screen=identifier:sign_in&identifier=email",
            "/identifier-sign-in?",
        ),
        ("first_screen=reset_password", "/sign-in?"),
        ("first_screen=https://evil.com", "/sign-in?"),
    ] {
        let page = browser.get(&format!("/oidc/auth?{QUERY}&{hint}")).await;
        assert!(
            page.location().starts_with(path),
            "{hint}: {}",
            page.location()
        );
        assert_eq!(
            browser.get(page.location()).await.status,
            StatusCode::OK,
            "{hint}"
        );
    }
}

#[tokio::test]
async fn t39_a_third_party_application_is_told_when_it_asks_for_too_much() {
    let server = TestServer::for_browsers().await;
    let mut browser = Browser::new(&server);
    let query = QUERY.replace("chat", "partner");
    let query = query.replace("scope=openid", "scope=openid%20phone");
    let refused = browser.get(&format!("/oidc/auth?{query}")).await.redirect();
    assert_eq!(
        parameter(&refused, "error").as_deref(),
        Some("invalid_scope"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_person_whom_access_control_keeps_out_is_sent_back_with_access_denied() {
    let server = TestServer::for_browsers().await;
    let mut tx = server.app.db().begin().await.unwrap();
    let mut chat = application::find(&mut tx, "default", "chat")
        .await
        .unwrap()
        .unwrap();
    chat.access_control_enabled = true;
    application::update(&mut tx, "default", &chat)
        .await
        .unwrap();
    let rules = application::access::Rules {
        users: vec![BOB.to_owned()],
        ..Default::default()
    };
    application::access::replace(&mut tx, "default", "chat", &rules)
        .await
        .unwrap();
    server.app.commit(tx).await.unwrap();
    let mut browser = Browser::new(&server);
    let denied = browser.authorize_as(ANN, QUERY).await;
    assert_eq!(
        parameter(&denied, "error").as_deref(),
        Some("access_denied"),
        "{denied}"
    );
    assert_eq!(server.grants_of(ANN).await, 0);
    let mut browser = Browser::new(&server);
    let let_in = browser.authorize_as(BOB, QUERY).await;
    assert!(parameter(&let_in, "code").is_some(), "{let_in}");
}
