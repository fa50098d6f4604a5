//! `/oidc/request`.

use axum::http::StatusCode;

use crate::support::{ANN, Browser, TestServer, browser::parameter};

const PUSHED: &[(&str, &str)] = &[
    ("client_id", "chat"),
    ("client_secret", "hush"),
    ("redirect_uri", "http://chat.test/callback"),
    ("response_type", "code"),
    ("scope", "openid"),
    ("state", "s"),
];

/// Pushes the request above and gives its `request_uri`.
async fn push(server: &TestServer) -> String {
    let mut client = Browser::new(server);
    let answer = client.post("/oidc/request", PUSHED).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json["expires_in"], 60);
    json["request_uri"].as_str().unwrap().to_owned()
}

fn auth(request_uri: &str, client_id: &str) -> String {
    format!(
        "/oidc/auth?client_id={client_id}&request_uri={}",
        request_uri.replace(':', "%3A")
    )
}

#[tokio::test]
async fn a_pushed_request_can_be_loaded_until_it_is_answered_once() {
    let server = TestServer::for_browsers().await;
    let request_uri = push(&server).await;
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let mut browser = Browser::new(&server);
    browser.get(&auth(&request_uri, "chat")).await.location();
    let page = browser.get(&auth(&request_uri, "chat")).await;
    let resume = browser.sign_in_at(page.location(), ANN).await;
    let answer = browser.get(&resume).await.redirect();
    assert_eq!(parameter(&answer, "state").as_deref(), Some("s"));
    assert!(parameter(&answer, "code").is_some());

    let again = browser.get(&auth(&request_uri, "chat")).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_pushed_request_is_its_clients_and_lasts_60_seconds() {
    let server = TestServer::for_browsers().await;
    let request_uri = push(&server).await;
    let mut browser = Browser::new(&server);
    assert_eq!(
        browser.get(&auth(&request_uri, "spa")).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        browser
            .get(&auth(&format!("{request_uri}x"), "chat"))
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
    server.advance(60);
    assert_eq!(
        browser.get(&auth(&request_uri, "chat")).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_wrong_request_is_refused_when_it_is_pushed() {
    let server = TestServer::for_browsers().await;
    let mut client = Browser::new(&server);
    let rows: [(&str, &str, StatusCode, &str); 5] = [
        (
            "client_secret",
            "wrong",
            StatusCode::UNAUTHORIZED,
            "invalid_client",
        ),
        (
            "redirect_uri",
            "https://evil.com",
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
        (
            "response_type",
            "token",
            StatusCode::BAD_REQUEST,
            "unsupported_response_type",
        ),
        (
            "request_uri",
            "urn:ietf:params:oauth:request_uri:x",
            StatusCode::BAD_REQUEST,
            "invalid_request",
        ),
        (
            "request",
            "e30.e30.",
            StatusCode::BAD_REQUEST,
            "request_not_supported",
        ),
    ];
    for (name, value, status, error) in rows {
        let mut fields: Vec<_> = PUSHED
            .iter()
            .copied()
            .filter(|(known, _)| *known != name)
            .collect();
        fields.push((name, value));
        let answer = client.post("/oidc/request", &fields).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (status, Some(error)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn t14_a_code_is_no_request_and_a_request_no_code() {
    let server = TestServer::for_browsers().await;
    let request_uri = push(&server).await;
    let secret = request_uri.rsplit(':').next().unwrap();
    let mut browser = Browser::new(&server);
    let fields = [
        ("client_id", "chat"),
        ("client_secret", "hush"),
        ("grant_type", "authorization_code"),
        ("code", secret),
        ("redirect_uri", "http://chat.test/callback"),
    ];
    assert_eq!(
        browser.post("/oidc/token", &fields).await.json()["error"],
        "invalid_grant"
    );
    let query = "client_id=chat&redirect_uri=http%3A%2F%2Fchat.test%2Fcallback&response_type=code";
    let code = parameter(&browser.authorize_as(ANN, query).await, "code").unwrap();
    let uri = format!("urn:ietf:params:oauth:request_uri:{code}");
    assert_eq!(
        browser.get(&auth(&uri, "chat")).await.status,
        StatusCode::BAD_REQUEST
    );
}
