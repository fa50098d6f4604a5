//! `grant_type=authorization_code`.

use std::collections::HashSet;

use protocol::jose::SigningAlgorithm;
use serde_json::{Value, json};

use crate::support::{
    ANN, API, ENDPOINT, ISSUER, OTHER_API, SECRET, TestServer, VERIFIER, basic, callback, decoded,
};

/// The names of a JSON object's members.
fn names(object: &Value) -> HashSet<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn a_code_gives_tokens() {
    let server = TestServer::start().await;
    let code = server
        .code("chat", "openid profile email offline_access")
        .await;
    let answer = server.redeem("chat", &code).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("www-authenticate").is_empty(), "never on 200");
    let tokens = answer.ok();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "openid profile email offline_access");
    for token in ["access_token", "refresh_token"] {
        assert_eq!(
            tokens[token].as_str().unwrap().len(),
            43,
            "opaque and short enough for a cookie"
        );
    }

    let (header, claims) = decoded(&tokens["id_token"]);
    assert_eq!(names(&header), HashSet::from(["alg", "kid", "typ"]));
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    let now = server.now().0;
    for (name, value) in [
        ("iss", json!(ISSUER)),
        ("sub", json!(ANN)),
        ("aud", json!("chat")),
        ("iat", json!(now)),
        ("exp", json!(now + 3600)),
        ("auth_time", json!(now)),
        ("nonce", json!("n-0S6")),
        ("acr", json!("1")),
        ("amr", json!(["pwd"])),
        ("name", json!("Ann Lee")),
        ("given_name", json!("Ann")),
        ("username", json!("ann")),
        ("email", json!("ann@example.com")),
        ("email_verified", json!(true)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["sid"].as_str().unwrap().len(), 21);
}

#[tokio::test]
async fn what_was_not_granted_is_not_issued() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "email").await;
    assert_eq!(
        names(&tokens),
        HashSet::from(["access_token", "token_type", "expires_in", "scope"])
    );
    let always = |application: &mut store::application::Application| {
        application
            .custom_client_metadata
            .always_issue_refresh_token = Some(true);
    };
    server.change("chat", always).await;
    server.change("native", always).await;
    assert!(server.tokens("chat", "openid").await["refresh_token"].is_string());
    assert!(server.tokens("native", "openid").await["refresh_token"].is_null());
}

#[tokio::test]
async fn the_application_chooses_the_algorithm_of_its_id_tokens() {
    let server = TestServer::start().await;
    server
        .change("chat", |application| {
            application
                .custom_client_metadata
                .id_token_signing_algorithm = Some(SigningAlgorithm::ES384);
        })
        .await;
    let (header, _) = decoded(&server.tokens("chat", "openid").await["id_token"]);
    assert_eq!(header["alg"], "ES384");
    let keys = server.get("/oidc/jwks", &[]).await.ok();
    let published = keys["keys"].as_array().unwrap();
    assert!(
        published
            .iter()
            .any(|key| key["kid"] == header["kid"] && key["alg"] == "ES384")
    );
}

#[tokio::test]
async fn t23_audience_gives_a_jwt_for_that_api_which_works_at_userinfo_too() {
    let server = TestServer::start().await;
    let tokens = server
        .tokens_for("chat", "openid email read write", API)
        .await;
    assert_eq!(tokens["expires_in"], 1800);
    assert_eq!(
        tokens["scope"], "openid email read",
        "ann's role does not give write"
    );
    let (header, claims) = decoded(&tokens["access_token"]);
    assert_eq!(names(&header), HashSet::from(["alg", "kid", "typ"]));
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("ES384"), &json!("at+jwt"))
    );
    let now = server.now().0;
    for (name, value) in [
        ("iss", json!(ISSUER)),
        ("sub", json!(ANN)),
        ("aud", json!(API)),
        ("client_id", json!("chat")),
        ("scope", json!("openid email read")),
        ("iat", json!(now)),
        ("exp", json!(now + 1800)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert_eq!(claims["jti"].as_str().unwrap().len(), 43);
    let told = server
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .ok();
    assert_eq!(
        told,
        json!({"sub": ANN, "email": "ann@example.com", "email_verified": true})
    );
}

#[tokio::test]
async fn t22_the_token_request_may_name_another_known_resource() {
    let server = TestServer::start().await;
    let redeem = async |resource: &str| {
        let code = server.code("spa", "openid").await;
        let callback = callback("spa");
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &callback),
            ("code_verifier", VERIFIER),
            ("audience", resource),
        ];
        server.token("spa", &form).await
    };
    let (_, claims) = decoded(&redeem(OTHER_API).await.ok()["access_token"]);
    assert_eq!(claims["aud"], OTHER_API);
    let with_userinfo = format!("{API} {ISSUER}/me");
    let (_, claims) = decoded(&redeem(&with_userinfo).await.ok()["access_token"]);
    assert_eq!(claims["aud"], API);
    for unknown in [
        "https://nowhere.test",
        "spa",
        ISSUER,
        ENDPOINT,
        &format!("{API},{OTHER_API}"),
    ] {
        redeem(unknown).await.refused(400, "invalid_target");
    }
}

#[tokio::test]
async fn every_way_of_sending_the_request_works() {
    let server = TestServer::start().await;
    let callback = callback("chat");
    let form = |code: &str| {
        json!({
            "grant_type": "authorization_code", "code": code,
            "redirect_uri": callback, "code_verifier": VERIFIER,
        })
    };
    let authorization = basic("chat", SECRET);
    for with_id in [false, true] {
        let mut form = form(&server.code("chat", "openid").await);
        if with_id {
            form["client_id"] = json!("chat");
        }
        let headers = [
            ("content-type", "application/json"),
            ("authorization", &*authorization),
        ];
        server
            .send("POST", "/oidc/token", &headers, form.to_string())
            .await
            .ok();
    }
    let mut form = form(&server.code("chat", "openid").await);
    form["client_id"] = json!("chat");
    form["client_secret"] = json!(SECRET);
    let headers = [("content-type", "application/json; charset=utf-8")];
    server
        .send("POST", "/oidc/token", &headers, form.to_string())
        .await
        .ok();
}

#[tokio::test]
async fn t10_a_code_of_another_client_is_refused_and_burnt() {
    let server = TestServer::start().await;
    let code = server.code("chat", "openid").await;
    server
        .redeem("spa", &code)
        .await
        .refused(400, "invalid_grant");
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn t11_an_expired_code_is_refused() {
    let server = TestServer::start().await;
    let code = server.code("chat", "openid").await;
    server.advance(60);
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_used_again_later_revokes_what_it_gave() {
    let server = TestServer::start().await;
    let code = server.code("chat", "openid").await;
    let tokens = server.redeem("chat", &code).await.ok();
    let access_token = tokens["access_token"].as_str().unwrap();
    server.userinfo(access_token).await.ok();
    server.advance(30);
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
    server
        .userinfo(access_token)
        .await
        .refused(401, "invalid_token");
}

#[tokio::test]
async fn t13_t15_pkce_and_redirect_uri_must_fit() {
    let server = TestServer::start().await;
    let callback = callback("chat");
    let rows = [
        (None, Some(VERIFIER)),
        (Some("http://evil.test/callback"), Some(VERIFIER)),
        (Some(&*callback), None),
        (
            Some(&*callback),
            Some("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ),
    ];
    for (redirect_uri, verifier) in rows {
        let code = server.code("chat", "openid").await;
        let mut form = vec![("grant_type", "authorization_code"), ("code", &*code)];
        form.extend(redirect_uri.map(|uri| ("redirect_uri", uri)));
        form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        server
            .token("chat", &form)
            .await
            .refused(400, "invalid_grant");
        server
            .redeem("chat", &code)
            .await
            .refused(400, "invalid_grant");
    }
    let code = server
        .code_with("chat", "openid", |_, code| code.code_challenge = None)
        .await;
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn t14_tokens_are_no_codes_and_codes_no_tokens() {
    let server = TestServer::start().await;
    let tokens = server.tokens("chat", "openid offline_access").await;
    for name in ["access_token", "refresh_token", "id_token"] {
        let token = tokens[name].as_str().unwrap();
        server
            .redeem("chat", token)
            .await
            .refused(400, "invalid_grant");
        if name != "refresh_token" {
            server
                .refresh("chat", token)
                .await
                .refused(400, "invalid_grant");
        }
        if name != "access_token" {
            server.userinfo(token).await.refused(401, "invalid_token");
        }
    }
    let code = server.code("chat", "openid").await;
    server.userinfo(&code).await.refused(401, "invalid_token");
    server
        .refresh("chat", &code)
        .await
        .refused(400, "invalid_grant");
    server.redeem("chat", &code).await.ok();
}

#[tokio::test]
async fn t17_a_code_of_a_suspended_user_gives_nothing() {
    let server = TestServer::start().await;
    let code = server.code("chat", "openid").await;
    server.suspend(ANN).await;
    server
        .redeem("chat", &code)
        .await
        .refused(400, "invalid_grant");
}
