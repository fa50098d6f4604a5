//! The discovery document and the keys.

use protocol::jose::KeyStatus;
use serde_json::json;

use crate::support::{API, ISSUER, TestServer, decoded};

#[tokio::test]
async fn the_document_is_at_every_address_where_clients_look() {
    let server = TestServer::start().await;
    let first = server
        .get("/oidc/.well-known/openid-configuration", &[])
        .await;
    assert_eq!(first.header("access-control-allow-origin"), "*");
    assert_eq!(first.header("content-type"), "application/json");
    let document = first.ok();
    assert_eq!(document["issuer"], ISSUER);
    for path in [
        "/oidc/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/oidc",
        "/.well-known/openid-configuration",
    ] {
        assert_eq!(server.get(path, &[]).await.ok(), document, "{path}");
    }
}

#[tokio::test]
async fn every_endpoint_of_the_document_answers() {
    let server = TestServer::start().await;
    let document = server
        .get("/oidc/.well-known/openid-configuration", &[])
        .await
        .ok();
    for (key, address) in document.as_object().unwrap() {
        if !(key.ends_with("_endpoint") || key == "jwks_uri") {
            continue;
        }
        let path = address
            .as_str()
            .unwrap()
            .strip_prefix("http://id.test")
            .unwrap();
        for method in ["GET", "POST"] {
            let answer = server.send(method, path, &[], String::new()).await;
            let known = answer.status != 404 && answer.status < 500;
            let readable = matches!(
                &**key,
                "authorization_endpoint" | "userinfo_endpoint" | "end_session_endpoint"
            );
            let expected = readable || (method == "GET") == (key == "jwks_uri");
            assert_eq!(known, expected, "{method} {path} {}", answer.status);
        }
    }
}

#[tokio::test]
async fn t23_every_listed_algorithm_is_signed_with_and_rs256_is_first() {
    let server = TestServer::start().await;
    let document = server
        .get("/oidc/.well-known/openid-configuration", &[])
        .await
        .ok();
    assert_eq!(
        document["id_token_signing_alg_values_supported"],
        json!(["RS256", "ES384"])
    );
    let (header, _) = decoded(&server.tokens("chat", "openid").await["id_token"]);
    assert_eq!(header["alg"], "RS256");
}

#[tokio::test]
async fn keys_are_published_and_a_client_that_knows_them_is_told_so() {
    let server = TestServer::start().await;
    let first = server.get("/oidc/jwks", &[]).await;
    assert_eq!(
        first.header("cache-control"),
        "no-cache, max-age=0, must-revalidate"
    );
    let etag = first.header("etag").to_owned();
    let keys = first.ok();
    for key in keys["keys"].as_array().unwrap() {
        assert_eq!(key["use"], "sig");
        assert_eq!(key["kid"].as_str().unwrap().len(), 43);
        assert!(key["d"].is_null() && key["k"].is_null());
    }
    let again = server.get("/oidc/jwks", &[("if-none-match", &etag)]).await;
    assert_eq!((again.status, again.body), (304, json!("")));
    assert_eq!(
        server
            .get("/oidc/jwks", &[("if-none-match", "\"other\"")])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_document_follows_the_settings() {
    let server = TestServer::start().await;
    let path = "/oidc/.well-known/openid-configuration";
    let before = server.get(path, &[]).await.ok();
    server
        .add_key(KeyStatus::Current, include_str!("../keys/p256.pem"))
        .await;
    let after = server.get(path, &[]).await.ok();
    let listed = "id_token_signing_alg_values_supported";
    assert_eq!(before[listed], json!(["RS256", "ES384"]));
    assert_eq!(after[listed], json!(["RS256", "ES384", "ES256"]));
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs() {
    let server = TestServer::start().await;
    let next = server
        .add_key(KeyStatus::Next, include_str!("../keys/p384_sec1.pem"))
        .await;
    let keys = server.get("/oidc/jwks", &[]).await.ok();
    let published = keys["keys"].as_array().unwrap();
    assert!(published.iter().any(|key| key["kid"] == next));
    let tokens = server.tokens_for("chat", "openid", API).await;
    let (header, _) = decoded(&tokens["access_token"]);
    assert_eq!(header["alg"], "ES384");
    assert_ne!(header["kid"], next);
}
