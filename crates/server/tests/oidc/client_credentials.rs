//! `grant_type=client_credentials`.

use serde_json::json;

use crate::support::{API, ISSUER, OTHER_API, SECRET, TestServer, basic, decoded};

#[tokio::test]
async fn an_application_gets_a_token_with_the_scopes_of_its_roles() {
    let server = TestServer::start().await;
    for (scope, given) in [("", "read"), ("read write", "read"), ("write", "")] {
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", API),
            ("scope", scope),
        ];
        let answer = server.token("worker", &form).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.ok();
        assert_eq!(tokens["scope"], given);
        assert_eq!(tokens["expires_in"], 1800);
        assert!(tokens["refresh_token"].is_null() && tokens["id_token"].is_null());
        let (header, claims) = decoded(&tokens["access_token"]);
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(header["alg"], "ES384");
        for (name, value) in [
            ("iss", json!(ISSUER)),
            ("sub", json!("worker")),
            ("client_id", json!("worker")),
            ("aud", json!(API)),
            ("exp", json!(server.now().0 + 1800)),
        ] {
            assert_eq!(claims[name], value, "{name}");
        }
        assert_eq!(claims["jti"].as_str().unwrap().len(), 43);
        assert_eq!(claims["scope"].as_str().unwrap_or_default(), given);
    }
}

#[tokio::test]
async fn t22_the_resource_must_be_one_and_known() {
    let server = TestServer::start().await;
    for resources in [&[][..], &["https://nowhere.test"], &[API, OTHER_API]] {
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(resources.iter().map(|resource| ("resource", *resource)));
        server
            .token("worker", &form)
            .await
            .refused(400, "invalid_target");
    }
    server
        .change("worker", |application| {
            application.custom_client_metadata.default_resource = Some(OTHER_API.to_owned());
        })
        .await;
    let form = [("grant_type", "client_credentials")];
    let (_, claims) = decoded(&server.token("worker", &form).await.ok()["access_token"]);
    assert_eq!(claims["aud"], OTHER_API);
}

#[tokio::test]
async fn only_machines_may_act_for_themselves_and_only_so() {
    let server = TestServer::start().await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    for client in ["chat", "spa", "native"] {
        server
            .token(client, &form)
            .await
            .refused(400, "unauthorized_client");
    }
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    server
        .token("worker", &form)
        .await
        .refused(400, "unauthorized_client");
}

#[tokio::test]
async fn the_client_must_prove_itself() {
    let server = TestServer::start().await;
    let form = [("grant_type", "client_credentials"), ("resource", API)];
    let right = basic("worker", SECRET);
    server
        .post("/token", &form, &[("authorization", &right)])
        .await
        .ok();
    for wrong in [
        basic("worker", "wrong"),
        basic("nobody", SECRET),
        basic("worker", ""),
    ] {
        server
            .post("/token", &form, &[("authorization", &wrong)])
            .await
            .refused(401, "invalid_client");
    }
    server
        .post("/token", &form, &[])
        .await
        .refused(400, "invalid_request");
    let mut named = form.to_vec();
    named.push(("client_id", "worker"));
    server
        .post("/token", &named, &[])
        .await
        .refused(401, "invalid_client");
    named.push(("client_secret", SECRET));
    server
        .post("/token", &named, &[("authorization", &right)])
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn a_token_of_an_application_is_nobody_at_userinfo() {
    let server = TestServer::start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("resource", API),
        ("scope", "openid read"),
    ];
    let tokens = server.token("worker", &form).await.ok();
    assert_eq!(tokens["scope"], "read");
    let token = tokens["access_token"].as_str().unwrap();
    server.userinfo(token).await.refused(401, "invalid_token");
    let described = server.introspect("chat", token).await.ok();
    assert_eq!(described["active"], true);
    assert_eq!(described["sub"], "worker");
}
