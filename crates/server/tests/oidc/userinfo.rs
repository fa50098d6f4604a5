//! `/oidc/me`.

use serde_json::json;

use crate::support::{ANN, API, ISSUER, TestServer, decoded};

#[tokio::test]
async fn the_bearer_is_told_the_claims_of_the_scopes() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "openid profile email roles").await;
    let answer = server
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    let told = answer.ok();
    for (name, value) in [
        ("sub", json!(ANN)),
        ("name", json!("Ann Lee")),
        ("preferred_username", json!("ann")),
        ("email", json!("ann@example.com")),
        ("roles", json!(["reader"])),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    let (_, claims) = decoded(&tokens["id_token"]);
    for name in [
        "name",
        "preferred_username",
        "email",
        "email_verified",
        "roles",
    ] {
        assert_eq!(
            claims[name], told[name],
            "the ID token says the same: {name}"
        );
    }
}

#[tokio::test]
async fn the_token_may_come_in_the_header_or_the_form_but_not_in_both() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "openid").await;
    let token = tokens["access_token"].as_str().unwrap();
    let bearer = format!("bearer {token}");
    let form = [("access_token", token)];
    server
        .post("/me", &[], &[("authorization", &bearer)])
        .await
        .ok();
    server.post("/me", &form, &[]).await.ok();
    server
        .send(
            "POST",
            "/oidc/me",
            &[("authorization", &bearer)],
            String::new(),
        )
        .await
        .ok();
    let both = server
        .post("/me", &form, &[("authorization", &bearer)])
        .await;
    both.refused(400, "invalid_request");
    server
        .get("/oidc/me", &[])
        .await
        .refused(401, "invalid_token");
    server
        .get("/oidc/me", &[("authorization", "Basic YTpi")])
        .await
        .refused(401, "invalid_token");
    let in_query = server
        .get(&format!("/oidc/me?access_token={token}"), &[])
        .await;
    in_query.refused(401, "invalid_token");
}

#[tokio::test]
async fn a_token_without_openid_is_not_enough() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "email").await;
    let token = tokens["access_token"].as_str().unwrap();
    let answer = server.userinfo(token).await;
    let challenge = answer.header("www-authenticate").to_owned();
    assert!(
        challenge.starts_with(&format!(
            "Bearer realm=\"{ISSUER}\", error=\"insufficient_scope\""
        )),
        "{challenge}"
    );
    answer.refused(403, "insufficient_scope");
}

#[tokio::test]
async fn t24_expired_and_unknown_tokens_are_invalid() {
    let server = TestServer::start().await;
    let opaque = server.tokens("chat", "openid").await;
    let jwt = server.tokens_for("chat", "openid", API).await;
    server
        .userinfo("unknown")
        .await
        .refused(401, "invalid_token");
    server.userinfo("a.b.c").await.refused(401, "invalid_token");
    server.advance(1800);
    server
        .userinfo(jwt["access_token"].as_str().unwrap())
        .await
        .refused(401, "invalid_token");
    server
        .userinfo(opaque["access_token"].as_str().unwrap())
        .await
        .ok();
    server.advance(1800);
    server
        .userinfo(opaque["access_token"].as_str().unwrap())
        .await
        .refused(401, "invalid_token");
}

#[tokio::test]
async fn t19_no_other_kind_of_token_is_taken() {
    let server = TestServer::start().await;
    let tokens = server
        .tokens_for("chat", "openid offline_access", API)
        .await;
    server
        .userinfo(tokens["id_token"].as_str().unwrap())
        .await
        .refused(401, "invalid_token");
    let access_token = tokens["access_token"].as_str().unwrap();
    let (signed, _) = access_token.rsplit_once('.').unwrap();
    server
        .userinfo(&format!("{signed}."))
        .await
        .refused(401, "invalid_token");
    server.userinfo(access_token).await.ok();
}

#[tokio::test]
async fn t17_a_suspended_or_deleted_user_is_told_nothing() {
    let server = TestServer::start().await;
    let opaque = server.tokens("chat", "openid").await;
    let jwt = server.tokens_for("chat", "openid", API).await;
    let check = async || {
        for tokens in [&opaque, &jwt] {
            let token = tokens["access_token"].as_str().unwrap();
            server.userinfo(token).await.refused(401, "invalid_token");
            assert_eq!(
                server.introspect("chat", token).await.ok(),
                json!({"active": false})
            );
        }
    };
    server.suspend(ANN).await;
    check().await;
    server.delete_ann().await;
    check().await;
}

#[tokio::test]
async fn the_claims_parameter_asks_by_name_and_by_place() {
    let server = TestServer::start().await;
    let tokens = server
        .tokens_with_claims("chat", "openid", &["name"], &["email"])
        .await;
    let told = server
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(told, json!({"sub": ANN, "name": "Ann Lee"}));
    let (_, claims) = decoded(&tokens["id_token"]);
    assert_eq!(claims["email"], "ann@example.com");
    assert!(claims["name"].is_null());
}
