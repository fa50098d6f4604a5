//! What the pages look like and which language they speak.

use axum::{body::Body, http::Method};
use serde_json::json;

use crate::{
    fixture::{REQUEST, experience, server},
    support::{Browser, browser::Answer},
};

/// What stands between the first `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers[name].to_str().unwrap()
}

/// The sign-in page of a new browser.
async fn sign_in_page(browser: &mut Browser<'_>) -> Answer {
    let sent = browser.get(&format!("/oidc/auth?{REQUEST}")).await;
    let address = sent.location().to_owned();
    browser.get(&address).await
}

#[tokio::test]
async fn pages_come_with_a_strict_policy_that_lets_the_form_lead_to_the_application() {
    let server = server().await;
    let page = sign_in_page(&mut Browser::new(&server)).await;
    let policy = header(&page, "content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self' http://chat.test",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains("font-src"),
        "{policy}"
    );
    assert_eq!(header(&page, "cache-control"), "no-store");
    assert_eq!(header(&page, "x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn files_are_compressed_and_kept_for_ever() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let page = sign_in_page(&mut browser).await;
    let sheet = between(&page.body, "<link rel=\"stylesheet\" href=\"", "\"");
    let plain = browser.get(sheet).await;
    assert_eq!(header(&plain, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&plain, "vary"), "accept-encoding");
    assert_eq!(plain.headers.get_all("content-type").iter().count(), 1);
    assert!(header(&plain, "cache-control").contains("immutable"));
    assert!(plain.body.contains(".logto_main-content"));
    let accepts = [("accept-encoding", "gzip, br")];
    let packed = browser
        .send(Method::GET, sheet, &accepts, Body::empty())
        .await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert!(packed.body.starts_with('\u{1f}'), "{}", packed.body);
    assert_eq!(browser.get("/assets/x/nothing.css").await.status, 404);
}

#[tokio::test]
async fn t45_the_operators_colours_and_rules_are_a_style_sheet_and_nothing_else() {
    let server = server().await;
    let rules = ".logto_signature { display: none } </style><script>alert(1)</script>";
    let color = json!({ "primaryColor": "#ffd400", "darkPrimaryColor": "red}</style>" });
    experience(&server, json!({ "color": color, "customCss": rules })).await;
    let mut browser = Browser::new(&server);
    let page = sign_in_page(&mut browser).await;
    assert!(!page.body.contains("alert(1)") && !page.body.contains("<style"));
    assert!(header(&page, "content-security-policy").contains("font-src"));
    let address = between(&page.body, "<link rel=\"stylesheet\" href=\"", "\"");
    let sheet = browser.get(address).await;
    assert_eq!(header(&sheet, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&sheet, "x-content-type-options"), "nosniff");
    assert!(sheet.body.contains(".logto_main-content"));
    assert!(
        sheet
            .body
            .contains("--primary:#ffd400;--on-primary:#000000")
    );
    assert!(sheet.body.ends_with(rules));
}

#[tokio::test]
async fn a_language_that_was_chosen_on_a_page_stays() {
    let server = server().await;
    let mut browser = Browser::new(&server);
    let english = sign_in_page(&mut browser).await;
    assert!(english.body.contains("<html lang=\"en\" dir=\"ltr\""));
    let link = between(&english.body, "locale=ar\" lang=\"ar\"", ">");
    assert!(!link.contains("aria-current"));
    let (before, _) = english.body.split_once("locale=ar\"").unwrap();
    let (_, path) = before.rsplit_once("href=\"").unwrap();
    let address = format!("{path}locale=ar")
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    let arabic = browser.get(&address).await;
    assert!(
        arabic.body.contains("<html lang=\"ar\" dir=\"rtl\""),
        "{address}"
    );
    assert!(
        arabic.body.contains("action=\"/sign-in?"),
        "the choice does not stay in the address"
    );
    assert!(
        sign_in_page(&mut browser)
            .await
            .body
            .contains("lang=\"ar\" dir=\"rtl\"")
    );
    let other = sign_in_page(&mut Browser::new(&server)).await;
    assert!(other.body.contains("<html lang=\"en\""));
}
