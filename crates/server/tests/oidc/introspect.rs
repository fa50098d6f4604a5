//! `/oidc/token/introspection`.

use serde_json::json;

use crate::support::{ANN, API, ISSUER, TestServer};

#[tokio::test]
async fn good_tokens_of_every_kind_are_described() {
    let server = TestServer::start().await;
    let now = server.now().0;
    let tokens = server.tokens("chat", "openid offline_access").await;
    let answer = server
        .introspect("chat", tokens["access_token"].as_str().unwrap())
        .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.ok(),
        json!({
            "active": true, "token_type": "Bearer", "sub": ANN, "client_id": "chat",
            "scope": "openid offline_access", "iat": now, "exp": now + 3600, "iss": ISSUER,
        })
    );
    let refresh = server
        .introspect("chat", tokens["refresh_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(
        (&refresh["active"], &refresh["sub"]),
        (&json!(true), &json!(ANN))
    );

    let jwt = server.tokens_for("chat", "openid read", API).await;
    let described = server
        .introspect("chat", jwt["access_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(described["active"], true);
    assert_eq!(described["aud"], API);
    assert_eq!(described["scope"], "openid read");
}

#[tokio::test]
async fn t24_whatever_is_not_good_is_just_inactive() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "openid offline_access").await;
    let inactive = json!({"active": false});
    let code = server.code("chat", "openid").await;
    let id_token = tokens["id_token"].as_str().unwrap();
    for token in ["unknown", "a.b.c", &code, id_token] {
        assert_eq!(
            server.introspect("chat", token).await.ok(),
            inactive,
            "{token}"
        );
    }
    server.advance(3600);
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(server.introspect("chat", access_token).await.ok(), inactive);
}

#[tokio::test]
async fn the_caller_must_be_a_client_and_public_ones_see_only_their_own() {
    let server = TestServer::start().await;
    let tokens = server.tokens("spa", "openid offline_access").await;
    let token = |name: &str| tokens[name].as_str().unwrap();
    for (caller, access, refresh) in [
        ("spa", true, true),
        ("chat", true, false),
        ("worker", true, false),
        ("native", false, false),
    ] {
        assert_eq!(
            server.introspect(caller, token("access_token")).await.ok()["active"],
            access,
            "{caller}"
        );
        assert_eq!(
            server.introspect(caller, token("refresh_token")).await.ok()["active"],
            refresh,
            "{caller}"
        );
    }
    let form = [
        ("token", token("access_token")),
        ("client_id", "chat"),
        ("client_secret", "wrong"),
    ];
    server
        .post("/token/introspection", &form, &[])
        .await
        .refused(401, "invalid_client");
    server
        .post("/token/introspection", &[("client_id", "spa")], &[])
        .await
        .refused(400, "invalid_request");
}
