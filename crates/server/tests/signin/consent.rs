//! `/consent`.

use store::relation::{self, CONSENT_ORGANIZATIONS, ORGANIZATION_USERS};

use crate::{
    fixture::{Form, PASSWORD, is_signed_in, server},
    support::{ANN, Browser, TestServer, browser::parameter},
};

const REQUEST: &str = "client_id=partner&redirect_uri=http%3A%2F%2Fpartner.test%2Fcallback&response_type=code&scope=openid%20email&state=s";

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

async fn rename_partner(server: &TestServer, name: &str) {
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
        assert_eq!(back.host_str(), Some("partner.test"));
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

/// Makes ann a member of two organizations.
pub(crate) async fn organize(server: &TestServer) {
    let mut tx = server.app.db().begin().await.unwrap();
    for (id, name) in [("acme", "Acme <i>&</i> Co"), ("other", "Other")] {
        let organization = store::organization::Organization {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
            custom_data: serde_json::Map::new(),
            is_mfa_required: false,
            color: serde_json::Map::new(),
            branding: serde_json::Map::new(),
            custom_css: None,
            created_at: server.now(),
        };
        store::organization::insert(&mut tx, "default", &organization)
            .await
            .unwrap();
        let ann = [ANN.to_owned()];
        relation::add(&mut tx, ORGANIZATION_USERS, "default", &[id], &ann)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_person_chooses_the_organizations_that_an_application_may_act_in() {
    let server = server().await;
    organize(&server).await;
    let request = REQUEST.replace("email", "urn:logto:scope:organizations");
    let request = format!("{request}&prompt=consent");
    let chosen = async || {
        let parent = ["partner", ANN];
        relation::children(server.app.db(), CONSENT_ORGANIZATIONS, "default", &parent)
            .await
            .unwrap()
    };
    let mut browser = Browser::new(&server);
    let location = asked(&mut browser, &request).await;
    let page = browser.get(&location).await;
    assert!(
        page.body.contains("name=\"organization.acme\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<i>&</i>"), "names are text");
    let form = Form::open(&mut browser, &location).await;
    let ticked = [
        ("decision", "allow"),
        ("organization.acme", "on"),
        ("organization.not-mine", "on"),
    ];
    form.send(&mut browser, &ticked).await;
    assert_eq!(
        chosen().await,
        ["acme"],
        "and none that she does not belong to"
    );

    let again = browser.get(&format!("/oidc/auth?{request}")).await;
    let location = again.location().to_owned();
    let page = browser.get(&location).await;
    assert!(
        page.body
            .contains("name=\"organization.acme\" autocomplete=\"off\" checked"),
        "{}",
        page.body
    );
    let form = Form::open(&mut browser, &location).await;
    form.send(
        &mut browser,
        &[("decision", "allow"), ("organization.other", "on")],
    )
    .await;
    assert_eq!(
        chosen().await,
        ["other"],
        "what is not ticked is taken back"
    );
}

#[tokio::test]
async fn pages_on_the_way_to_an_application_look_as_it_says() {
    let server = server().await;
    let mut tx = server.app.db().begin().await.unwrap();
    let own = serde_json::json!({
        "displayName": "Partner & Friends", "color": { "primaryColor": "#118844" },
        "branding": { "logoUrl": "https://partner.example.com/logo.png" },
        "termsOfUseUrl": "https://partner.example.com/terms", "privacyPolicyUrl": null,
    });
    let own = own.as_object().unwrap();
    store::application::sign_in_experience::set(&mut tx, "default", "partner", own)
        .await
        .unwrap();
    server.app.commit(tx).await.unwrap();
    let mut browser = Browser::new(&server);
    let location = browser
        .get(&format!("/oidc/auth?{REQUEST}"))
        .await
        .location()
        .to_owned();
    let page = browser.get(&location).await.body;
    for expected in [
        "Partner &#38; Friends",
        "https://partner.example.com/logo.png",
        "https://partner.example.com/terms",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let sheet = page
        .split("/assets/theme.css?")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let sheet = sheet.replace("&#38;", "&").replace("&amp;", "&");
    let css = browser
        .get(&format!("/assets/theme.css?{sheet}"))
        .await
        .body;
    assert!(css.contains("118844"), "the application's colour");
    let others = REQUEST.replace("partner", "chat");
    let location = browser
        .get(&format!("/oidc/auth?{others}"))
        .await
        .location()
        .to_owned();
    let page = browser.get(&location).await.body;
    assert!(!page.contains("partner.example.com/logo.png"), "{page}");
}
