//! `/oidc/token/revocation`.

use serde_json::json;

use crate::support::{API, TestServer};

#[tokio::test]
async fn t24_a_revoked_token_takes_its_whole_grant_with_it() {
    let server = TestServer::start().await;
    for revoked in ["access_token", "refresh_token"] {
        let tokens = server.tokens("chat", "openid offline_access").await;
        let others = server.tokens("chat", "openid offline_access").await;
        let token = |name: &str| tokens[name].as_str().unwrap();
        let answer = server.revoke("chat", token(revoked)).await;
        assert_eq!((answer.status, answer.body), (200, json!("")));

        server
            .userinfo(token("access_token"))
            .await
            .refused(401, "invalid_token");
        server
            .refresh("chat", token("refresh_token"))
            .await
            .refused(400, "invalid_grant");
        for name in ["access_token", "refresh_token"] {
            assert_eq!(
                server.introspect("chat", token(name)).await.ok(),
                json!({"active": false})
            );
        }
        server
            .userinfo(others["access_token"].as_str().unwrap())
            .await
            .ok();
    }
}

#[tokio::test]
async fn t24_a_jwt_dies_here_with_its_grant() {
    let server = TestServer::start().await;
    let tokens = server
        .tokens_for("chat", "openid offline_access", API)
        .await;
    let token = |name: &str| tokens[name].as_str().unwrap();
    server
        .revoke("chat", token("access_token"))
        .await
        .refused(400, "unsupported_token_type");
    server.userinfo(token("access_token")).await.ok();
    server.revoke("chat", token("refresh_token")).await.ok();
    server
        .userinfo(token("access_token"))
        .await
        .refused(401, "invalid_token");
    assert_eq!(
        server.introspect("chat", token("access_token")).await.ok(),
        json!({"active": false})
    );
}

#[tokio::test]
async fn unknown_tokens_are_no_error_and_anothers_are() {
    let server = TestServer::start().await;
    server.revoke("spa", "unknown").await.ok();
    let tokens = server.tokens("chat", "openid offline_access").await;
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        server
            .revoke("spa", token)
            .await
            .refused(400, "invalid_grant");
    }
    server
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .ok();
    server
        .post("/token/revocation", &[("token", "x")], &[])
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn a_rotated_token_still_ends_its_family() {
    let server = TestServer::start().await;
    let first = server.tokens("spa", "openid offline_access").await;
    let old = first["refresh_token"].as_str().unwrap();
    let second = server.refresh("spa", old).await.ok();
    server.revoke("spa", old).await.ok();
    server
        .refresh("spa", second["refresh_token"].as_str().unwrap())
        .await
        .refused(400, "invalid_grant");
}
