//! `/consent`.

use crate::{
    fixture::{Form, PASSWORD, is_signed_in, server},
    support::{Browser, Server, browser::parameter},
};

const REQUEST: &str = "client_id=partner&redirect_uri=https%3A%2F%2Fchat.example.com%2Fcb&response_type=code&scope=openid%20email&state=s";

/// Signs ann in for the third-party application and gives the address of the page that asks her.
async fn asked(browser: &mut Browser<'_>, request: &str) -> String {
    let form = Form::begin(browser, request).await;
    let answer = form.sign_in(browser, "ann", PASSWORD).await;
    assert!(is_signed_in(&answer));
    let asked = browser.get(answer.location()).await;
    let location = asked.location().to_owned();
    assert!(location.starts_with("/consent?"), "{location}");
    location
}

async fn rename_partner(server: &Server, name: &str) {
    let mut tx = server.app.db().begin().await.unwrap();
    let found = store::application::find(&mut tx, "default", "partner").await;
    let mut partner = found.unwrap().unwrap();
    name.clone_into(&mut partner.name);
    store::application::update(&mut tx, "default", &partner)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
}

#[tokio::test]
async fn a_yes_is_remembered() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let location = asked(&mut browser, REQUEST).await;
    let page = browser.get(&location).await;
    assert!(page.body.contains("partner"), "names the application");
    let form = Form::open(&mut browser, &location).await;
    let answer = form.send(&mut browser, &[("decision", "allow")]).await;
    let back = browser.get(answer.location()).await.redirect();
    assert!(parameter(&back, "code").is_some(), "{back}");

    let again = browser
        .get(&format!("/oidc/auth?{REQUEST}"))
        .await
        .redirect();
    assert!(
        parameter(&again, "code").is_some(),
        "not asked again: {again}"
    );
    let more = REQUEST.replace("email", "email%20profile");
    let more = browser.get(&format!("/oidc/auth?{more}")).await;
    assert!(
        more.location().starts_with("/consent?"),
        "asked for what is new"
    );
}

#[tokio::test]
async fn a_no_is_told_to_the_application() {
    let server = server().await;
    for decision in ["deny", "", "anything else"] {
        let mut browser = Browser::new(&server);
        let location = asked(&mut browser, REQUEST).await;
        let form = Form::open(&mut browser, &location).await;
        let answer = form.send(&mut browser, &[("decision", decision)]).await;
        let back = answer.redirect();
        assert_eq!(back.host_str(), Some("chat.example.com"));
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(parameter(&back, "state").as_deref(), Some("s"));
    }
}

#[tokio::test]
async fn nobody_agrees_for_another_person() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let location = asked(&mut browser, REQUEST).await;
    let form = Form::open(&mut browser, &location).await;
    let sent = browser.post(&location, &[("decision", "allow")]).await;
    assert_eq!(sent.status, 403, "without the form's token");

    browser.cookies.remove("_session");
    let answer = form.send(&mut browser, &[("decision", "allow")]).await;
    let next = browser.get(answer.location()).await;
    assert!(
        next.location().starts_with("/sign-in?"),
        "{}",
        next.location()
    );
}

#[tokio::test]
async fn t45_the_application_s_name_is_shown_as_text() {
    let server = server().await;
    rename_partner(&server, "<script>alert(1)</script>").await;
    let mut browser = Browser::new(&server);
    let location = asked(&mut browser, REQUEST).await;
    let page = browser.get(&location).await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
}
