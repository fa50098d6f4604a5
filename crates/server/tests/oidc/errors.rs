//! Requests that no endpoint takes.

use serde_json::json;

use crate::support::{TestServer, with_client};

#[tokio::test]
async fn grant_type_must_be_there_and_known() {
    let server = TestServer::start().await;
    server
        .token("chat", &[])
        .await
        .refused(400, "invalid_request");
    for grant_type in ["implicit", "password", "urn:openid:params:grant-type:ciba"] {
        server
            .token("chat", &[("grant_type", grant_type)])
            .await
            .refused(400, "unsupported_grant_type");
    }
    for grant_type in ["authorization_code", "refresh_token"] {
        server
            .token("chat", &[("grant_type", grant_type)])
            .await
            .refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn t08_repeated_parameters_are_an_invalid_request() {
    let server = TestServer::start().await;
    let form = [
        ("grant_type", "refresh_token"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
    ];
    server
        .token("chat", &form)
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn t53_null_bytes_and_large_bodies_are_an_invalid_request() {
    let server = TestServer::start().await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", "a\0b")];
    server
        .token("chat", &form)
        .await
        .refused(400, "invalid_request");
    let long = "a".repeat(57 * 1024);
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*long)];
    server
        .token("chat", &form)
        .await
        .refused(400, "invalid_request");
    let headers = [("content-type", "text/plain")];
    server
        .send("POST", "/oidc/token", &headers, "a".to_owned())
        .await
        .refused(400, "invalid_request");
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let headers = [("content-type", "application/json")];
    server
        .send("POST", "/oidc/token", &headers, deep)
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn parse_error_false_leaves_the_standard_members() {
    let server = TestServer::start().await;
    let form = with_client("chat", &[("grant_type", "implicit")]);
    let answer = server.post("/token?parse_error=false", &form, &[]).await;
    assert_eq!(answer.status, 400);
    let expected = json!({
        "error": "unsupported_grant_type",
        "error_description": "this grant_type is not supported",
    });
    assert_eq!(answer.body, expected);
}

#[tokio::test]
async fn an_unknown_path_or_method_is_answered_in_json() {
    let server = TestServer::start().await;
    for (method, path) in [
        ("GET", "/oidc/nothing"),
        ("GET", "/oidc/token"),
        ("DELETE", "/oidc/me"),
        ("POST", "/oidc/jwks"),
    ] {
        let answer = server.send(method, path, &[], String::new()).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(answer.body["error"], "invalid_request", "{method} {path}");
        assert_eq!(answer.body["code"], "oidc.invalid_request");
    }
}
