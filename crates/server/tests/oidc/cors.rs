//! Calls from pages of other origins.

use crate::support::{TestServer, callback, with_client};

const PATHS: [&str; 4] = ["/token", "/me", "/token/introspection", "/token/revocation"];

#[tokio::test]
async fn preflights_never_fail() {
    let server = TestServer::start().await;
    for path in PATHS {
        let headers = [
            ("origin", "https://anywhere.test"),
            ("access-control-request-method", "POST"),
            (
                "access-control-request-headers",
                "authorization,content-type",
            ),
        ];
        let answer = server
            .send("OPTIONS", &format!("/oidc{path}"), &headers, String::new())
            .await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(
            answer.header("access-control-allow-origin"),
            "https://anywhere.test"
        );
        assert_eq!(
            answer.header("access-control-allow-headers"),
            "authorization,content-type"
        );
        assert!(
            answer
                .header("access-control-allow-methods")
                .contains("POST")
        );
    }
}

#[tokio::test]
async fn a_page_of_the_client_may_read_answers_and_refusals() {
    let server = TestServer::start().await;
    let code = server.code("spa", "openid").await;
    let callback = callback("spa");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &callback),
        ("code_verifier", crate::support::VERIFIER),
    ];
    let form = with_client("spa", &form);
    let page = [("origin", "http://spa.test")];
    let answer = server.post("/token", &form, &page).await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "http://spa.test"
    );
    assert_eq!(
        answer.header("access-control-expose-headers"),
        "WWW-Authenticate"
    );
    assert_eq!(answer.header("vary"), "Origin");
    let tokens = answer.ok();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let told = server
        .get(
            "/oidc/me",
            &[("origin", "http://spa.test"), ("authorization", &bearer)],
        )
        .await;
    assert_eq!(
        told.header("access-control-allow-origin"),
        "http://spa.test"
    );
    told.ok();

    let again = server.post("/token", &form, &page).await;
    assert_eq!(
        again.header("access-control-allow-origin"),
        "http://spa.test"
    );
    again.refused(400, "invalid_grant");
}

#[tokio::test]
async fn another_page_may_not() {
    let server = TestServer::start().await;
    let tokens = server.tokens("spa", "openid offline_access").await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let form = with_client(
        "spa",
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ],
    );
    for origin in ["https://evil.test", "null", "http://spa.test.evil.test"] {
        let answer = server.post("/token", &form, &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        answer.refused(400, "invalid_request");
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let told = server
            .get(
                "/oidc/me",
                &[("origin", origin), ("authorization", &bearer)],
            )
            .await;
        assert_eq!(
            (told.status, told.header("access-control-allow-origin")),
            (400, ""),
            "{origin}"
        );
    }
    server
        .change("spa", |application| {
            application.custom_client_metadata.cors_allowed_origins =
                vec!["https://evil.test".to_owned()];
        })
        .await;
    server
        .post("/token", &form, &[("origin", "https://evil.test")])
        .await
        .ok();
}
