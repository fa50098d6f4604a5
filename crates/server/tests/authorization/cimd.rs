//! Clients that nobody registered: which of them may begin (`contract/logto-core.md` §3.16).

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{
    Browser,
    browser::{Answer, parameter},
    cimd::{CALLBACK, PATH, World},
    document_host::Reply,
};

/// What the host makes of a good document, and what the person is told then.
type Row = (fn(String) -> Reply, &'static str);

async fn begin(world: &World, changes: &[(&str, &str)]) -> Answer {
    let address = format!("/oidc/auth?{}", world.query(changes));
    Browser::new(&world.server).get(&address).await
}

/// The page of a refusal, which sends nobody anywhere.
#[track_caller]
fn refused(answer: &Answer, why: &str) {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(answer.headers.get("location").is_none());
    assert!(answer.body.contains(why), "{why}: {}", answer.body);
}

#[tokio::test]
async fn nobody_is_asked_for_a_document_until_such_clients_are_on() {
    let world = World::with(&[("HUFU_OUTBOUND_ALLOW", "127.0.0.1")]).await;
    refused(&begin(&world, &[]).await, "/api/configs/cimd");
    world.turn(true).await;
    assert!(begin(&world, &[]).await.location().starts_with("/sign-in?"));
    world.turn(false).await;
    refused(
        &begin(&world, &[]).await,
        "an administrator may turn them on",
    );
    assert_eq!(world.host.asked(PATH), 1);
}

#[tokio::test]
async fn t56_they_are_on_for_one_tenant_only() {
    let world = World::start().await;
    let cimd = |tenant: &str| world.server.app.tenant(tenant).unwrap().cimd.clone();
    assert!(cimd("default").is_some());
    assert!(cimd("admin").is_none());
    let request = Request::builder()
        .uri(format!("/oidc/auth?{}", world.query(&[])))
        .header("host", "localhost:3002");
    let router = world.server.router.clone();
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 400);
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains("takes no such clients"), "{body}");
    assert_eq!(world.host.asked(PATH), 0);
}

#[tokio::test]
async fn t43_they_stay_off_where_every_private_address_may_be_called() {
    let world = World::with(&[("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")]).await;
    world.turn(true).await;
    refused(&begin(&world, &[]).await, "takes no such clients");
    assert_eq!(world.host.asked(PATH), 0);
}

#[tokio::test]
async fn t43_private_addresses_are_not_asked_for_a_document() {
    let world = World::with(&[]).await;
    world.turn(true).await;
    let port = world.host.port;
    let mut bodies = Vec::new();
    for host in [
        "localhost",
        "127.0.0.1",
        "[::ffff:7f00:1]",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "[fe80::1]",
    ] {
        let id = format!("https://{host}:{port}{PATH}");
        let answer = begin(&world, &[("client_id", &id)]).await;
        refused(&answer, "cannot be fetched");
        let described = answer.body.split("temporarily_unavailable").nth(1).unwrap();
        bodies.push(described.lines().next().unwrap().to_owned());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all are told the same: {bodies:?}");
    assert_eq!(world.host.asked(PATH), 0);
}

#[tokio::test]
async fn t44_a_client_id_that_is_no_address_of_a_document_is_refused() {
    let world = World::start().await;
    let port = world.host.port;
    for (id, why) in [
        (format!("https://localhost:{port}"), "normal form"),
        (format!("https://localhost:{port}{PATH}#x"), "fragment"),
        (
            format!("https://ann@localhost:{port}{PATH}"),
            "user information",
        ),
        (
            format!("https://localhost:{port}/a/..{PATH}"),
            "dot segments",
        ),
        (format!("https://LOCALHOST:{port}{PATH}"), "normal form"),
        (
            format!("https://localhost:{port}/{}", "a".repeat(2048)),
            "longer than 2048",
        ),
        (
            format!("http://localhost:{port}{PATH}"),
            "client_id is unknown",
        ),
    ] {
        refused(&begin(&world, &[("client_id", &id)]).await, why);
    }
    assert_eq!(world.host.asked(PATH), 0);
}

#[tokio::test]
async fn t44_what_is_no_good_document_is_refused_on_a_page() {
    let good =
        |world: &World| json!({"client_id": world.id(), "redirect_uris": [CALLBACK]}).to_string();
    let json = "200 OK\r\ncontent-type: application/json";
    let redirect = "302 Found\r\nlocation: /other\r\ncontent-type: application/json";
    let rows: [Row; 8] = [
        (|good| Reply::new("404 Not Found", good), "status 404"),
        (
            |good| Reply::new("200 OK\r\ncontent-type: text/html", good),
            "no application/json",
        ),
        (
            |good| Reply::json(good.replace("client.json", "other.json")),
            "client_id is not the address",
        ),
        (
            |good| Reply::json(good.replace("client_id", "id")),
            "client_id is not the address",
        ),
        (
            |good| Reply::json(format!("{good}{}", " ".repeat(5 * 1024))),
            "cannot be fetched",
        ),
        (|_| Reply::json("[1]"), "not a JSON object"),
        (
            |good| Reply::json(good.replace("http://127.0.0.1", "http://example.com")),
            "must use https",
        ),
        (
            |good| Reply::json(good.replace("33418/callback", "33418/*")),
            "wildcard",
        ),
    ];
    for (reply, why) in rows {
        let world = World::start().await;
        world.host.serve(PATH, reply(good(&world)));
        refused(&begin(&world, &[]).await, why);
        assert_eq!(world.host.asked(PATH), 1);
    }
    let world = World::start().await;
    world.host.serve(PATH, Reply::new(redirect, ""));
    world.host.serve("/other", Reply::new(json, good(&world)));
    refused(&begin(&world, &[]).await, "status 302");
    assert_eq!(world.host.asked("/other"), 0);
}

#[tokio::test]
async fn t43_a_document_that_comes_too_slowly_is_not_waited_for() {
    let world = World::start().await;
    let slow = Reply {
        pause: Duration::from_millis(400),
        endless: true,
        ..Reply::json(" ")
    };
    world.host.serve(PATH, slow);
    refused(&begin(&world, &[]).await, "cannot be fetched");
}

#[tokio::test]
async fn t44_a_flood_of_browsers_makes_one_fetch() {
    let world = World::start().await;
    let asking = (0..50).map(|_| begin(&world, &[]));
    for answer in futures_util::future::join_all(asking).await {
        assert!(answer.location().starts_with("/sign-in?"));
    }
    assert_eq!(world.host.asked(PATH), 1);
}

#[tokio::test]
async fn t06_an_error_goes_only_where_the_document_says() {
    let world = World::start().await;
    for uri in [
        "https://evil.example.com/callback",
        "http://127.0.0.1:33418/other",
        "http://localhost:33418/callback",
        "http://127.0.0.1.evil.example.com:33418/callback",
        "javascript:alert(1)",
    ] {
        let changes = [("redirect_uri", uri), ("prompt", "none")];
        refused(
            &begin(&world, &changes).await,
            "redirect_uri is not registered",
        );
    }
    let other_port = "http://127.0.0.1:50123/callback";
    for (changes, error) in [
        (
            [("redirect_uri", other_port), ("prompt", "none")],
            "login_required",
        ),
        (
            [("redirect_uri", other_port), ("code_challenge", "")],
            "invalid_request",
        ),
        (
            [("redirect_uri", other_port), ("response_mode", "jwt")],
            "invalid_request",
        ),
        (
            [("redirect_uri", other_port), ("scope", "openid phone")],
            "invalid_scope",
        ),
        (
            [
                ("redirect_uri", other_port),
                ("resource", "https://nobody.example.com"),
            ],
            "invalid_target",
        ),
    ] {
        let answer = begin(&world, &changes).await.redirect();
        assert_eq!(answer.port(), Some(50123), "T04: loopback has any port");
        assert_eq!(parameter(&answer, "error").as_deref(), Some(error));
        assert!(parameter(&answer, "iss").is_some());
    }
}

#[tokio::test]
async fn a_post_and_a_pushed_request_begin_as_well() {
    let world = World::start().await;
    let mut browser = Browser::new(&world.server);
    let query = world.query(&[]);
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let posted = browser.post("/oidc/auth", &fields).await;
    let posted = browser.get(posted.location()).await;
    assert!(posted.location().starts_with("/sign-in?"));

    let pushed = browser.post("/oidc/request", &fields).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let pushed = pushed.json();
    let request_uri = pushed["request_uri"].as_str().unwrap();
    let id = world.id();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", id.as_str()), ("request_uri", request_uri)])
        .finish();
    let answer = browser.get(&format!("/oidc/auth?{query}")).await;
    assert!(answer.location().starts_with("/sign-in?"));

    let other = world.host.address("/other.json");
    let fields = [("client_id", other.as_str()), ("response_type", "code")];
    let refused = browser.post("/oidc/request", &fields).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert_eq!(refused.json()["error"], "invalid_client");
}

#[tokio::test]
async fn discovery_tells_the_truth_about_them() {
    const DOCUMENTS: [&str; 4] = [
        "/oidc/.well-known/openid-configuration",
        "/oidc/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/oidc",
        "/.well-known/openid-configuration",
    ];
    const FLAG: &str = "client_id_metadata_document_supported";
    let told = async |world: &World| {
        let mut told = Vec::new();
        for path in DOCUMENTS {
            let document = Browser::new(&world.server).get(path).await.json();
            let methods = document["token_endpoint_auth_methods_supported"].as_array();
            assert!(methods.unwrap().contains(&json!("none")), "{path}");
            assert_eq!(
                document["code_challenge_methods_supported"],
                json!(["S256"])
            );
            told.push(document.get(FLAG).cloned());
        }
        told.dedup();
        assert_eq!(told.len(), 1, "{told:?}");
        told.remove(0)
    };
    let world = World::start().await;
    assert_eq!(told(&world).await, Some(Value::Bool(true)));
    world.turn(false).await;
    assert_eq!(told(&world).await, None);
    let open = World::with(&[("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED", "1")]).await;
    open.turn(true).await;
    assert_eq!(told(&open).await, None);
}
