//! Clients that nobody registered: what people are asked, and what the client gets (`contract/logto-core.md` §3.16).

use axum::{body::Body, http::Method};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use store::{
    Page,
    log::Wanted,
    relation::{self, GRANT_ORGANIZATION},
};

use crate::{
    consent::organize,
    event::{listen, told},
    fixture::{Form, PASSWORD, furnish, is_signed_in},
    support::{
        ANN, Browser,
        browser::{Answer, parameter},
        cimd::{API, CALLBACK, PATH, World},
        document_host::Reply,
    },
};

/// What the challenge of [`World::query`] is made of (RFC 7636, appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const ORGANIZATIONS: &str = "openid offline_access urn:logto:scope:organizations";

async fn world() -> World {
    let mut world = World::start().await;
    world.server = furnish(world.server).await;
    world
}

/// Signs ann in and gives the address of the page that asks her.
async fn asked(browser: &mut Browser<'_>, query: &str) -> String {
    let form = Form::begin(browser, query).await;
    let answer = form.sign_in(browser, "ann", PASSWORD).await;
    assert!(is_signed_in(&answer));
    let asked = browser.get(answer.location()).await;
    let location = asked.location().to_owned();
    assert!(location.starts_with("/consent?"), "{location}");
    location
}

/// Has ann agree, with these fields beside it, and gives the code.
async fn agree(browser: &mut Browser<'_>, location: &str, fields: &[(&str, &str)]) -> String {
    let form = Form::open(browser, location).await;
    let all: Vec<_> = [("decision", "allow")]
        .iter()
        .chain(fields)
        .copied()
        .collect();
    let answer = form.send(browser, &all).await;
    let back = browser.get(answer.location()).await.redirect();
    assert!(back.as_str().starts_with(CALLBACK), "{back}");
    parameter(&back, "code").expect("a code")
}

/// A request by the client to an endpoint.
async fn ask(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let id = world.id();
    let all: Vec<_> = [("client_id", id.as_str())]
        .iter()
        .chain(fields)
        .copied()
        .collect();
    Browser::new(&world.server).post(path, &all).await
}

async fn redeem(world: &World, code: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", API),
    ];
    ask(world, "/oidc/token", &fields).await
}

async fn refresh(world: &World, tokens: &Value, more: &[(&str, &str)]) -> Answer {
    let token = tokens["refresh_token"].as_str().unwrap();
    let usual = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let all: Vec<_> = usual.iter().chain(more).copied().collect();
    ask(world, "/oidc/token", &all).await
}

/// The tokens of a whole authorization with these parameters.
async fn tokens(world: &World, changes: &[(&str, &str)]) -> Value {
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(changes)).await;
    let code = agree(&mut browser, &location, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = ask(world, "/oidc/token", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn claims(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[track_caller]
fn is_refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.json()["error"], error);
}

#[tokio::test]
async fn t22_its_tokens_are_for_the_api_it_names_and_for_what_it_may_ask() {
    let world = world().await;
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(&[])).await;
    let code = agree(&mut browser, &location, &[]).await;
    let tokens = redeem(&world, &code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let tokens = tokens.json();
    let access = claims(&tokens["access_token"]);
    assert_eq!(access["aud"], API);
    assert_eq!(access["client_id"], world.id());
    assert_eq!(access["sub"], ANN);
    let scope = "openid offline_access read";
    assert_eq!(access["scope"], scope, "write is beyond the ceiling");
    assert_eq!(claims(&tokens["id_token"])["aud"], world.id());

    let renewed = refresh(&world, &tokens, &[("resource", API)]).await;
    assert_eq!(renewed.status, 200, "{}", renewed.body);
    let renewed = renewed.json();
    assert_eq!(claims(&renewed["access_token"])["aud"], API);
    let other = [("resource", "https://default.logto.app/api")];
    is_refused(
        &refresh(&world, &renewed, &other).await,
        400,
        "invalid_target",
    );
    assert_eq!(world.host.asked(PATH), 1, "the document is kept");

    let token = renewed["refresh_token"].as_str().unwrap();
    let revoked = ask(&world, "/oidc/token/revocation", &[("token", token)]).await;
    assert_eq!(revoked.status, 200, "{}", revoked.body);
    is_refused(&refresh(&world, &renewed, &[]).await, 400, "invalid_grant");
}

#[tokio::test]
async fn people_see_what_is_proven_of_it_and_what_is_not() {
    let world = world().await;
    world.describe(
        &json!({"logo_uri": "https://example.com/logo.png", "client_uri": "https://example.com"}),
    );
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(&[])).await;
    let page = browser.get(&location).await;
    let host = format!("localhost:{}", world.host.port);
    for text in [
        &*format!("{host} would like to use your account"),
        &*world.id(),
        "“Example &#60;b&#62;Desktop&#60;/b&#62;”",
        "a program on this device (127.0.0.1:33418)",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("<b>Desktop"), "T45");
    assert!(
        !page.body.contains("logo.png"),
        "its logo would tell its host of everybody"
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("example.com/logo"), "{policy}");
}

#[tokio::test]
async fn people_are_asked_every_time() {
    let world = world().await;
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(&[])).await;
    agree(&mut browser, &location, &[]).await;
    let again = browser
        .get(&format!("/oidc/auth?{}", world.query(&[])))
        .await;
    assert!(
        again.location().starts_with("/consent?"),
        "{}",
        again.location()
    );
    let silent = world.query(&[("prompt", "none")]);
    let silent = browser
        .get(&format!("/oidc/auth?{silent}"))
        .await
        .redirect();
    assert_eq!(
        parameter(&silent, "error").as_deref(),
        Some("consent_required")
    );
    let form = Form::open(&mut browser, again.location()).await;
    let denied = form
        .send(&mut browser, &[("decision", "deny")])
        .await
        .redirect();
    assert_eq!(
        parameter(&denied, "error").as_deref(),
        Some("access_denied")
    );
    let remembered = store::consent::find(world.server.app.db(), "default", ANN, &world.id()).await;
    assert_eq!(remembered.unwrap(), None);
}

#[tokio::test]
async fn it_acts_in_one_organization_at_most_and_only_with_that_grant() {
    let world = world().await;
    organize(&world.server).await;
    let query = world.query(&[("scope", ORGANIZATIONS), ("resource", "")]);
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &query).await;
    let page = browser.get(&location).await;
    for text in [
        "type=\"radio\" id=\"organization-acme\"",
        "value=\"\" autocomplete=\"off\" checked",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let code = agree(&mut browser, &location, &[("organization", "acme")]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let first = ask(&world, "/oidc/token", &fields).await.json();
    assert_eq!(claims(&first["id_token"])["organizations"], json!(["acme"]));
    let acme = refresh(&world, &first, &[("organization_id", "acme")]).await;
    assert_eq!(acme.status, 200, "{}", acme.body);
    let acme = acme.json();
    assert_eq!(
        claims(&acme["access_token"])["aud"],
        "urn:logto:organization:acme"
    );
    let other = refresh(&world, &acme, &[("organization_id", "other")]).await;
    is_refused(&other, 403, "access_denied");

    let second = tokens(
        &world,
        &[
            ("scope", ORGANIZATIONS),
            ("resource", ""),
            ("prompt", "login"),
        ],
    )
    .await;
    let without = refresh(&world, &second, &[("organization_id", "acme")]).await;
    is_refused(&without, 403, "access_denied");
}

#[tokio::test]
async fn nobody_lets_it_into_an_organization_that_is_not_theirs() {
    let world = world().await;
    organize(&world.server).await;
    let query = world.query(&[("scope", ORGANIZATIONS), ("resource", "")]);
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &query).await;
    agree(&mut browser, &location, &[("organization", "not-mine")]).await;
    let db = world.server.app.db();
    let [grant] = store::grant::list(db, "default", ANN, world.server.now())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    let open = relation::children(db, GRANT_ORGANIZATION, "default", &[&grant.id, ANN]).await;
    assert!(open.unwrap().is_empty());
}

#[tokio::test]
async fn t13_it_gets_nothing_by_other_ways() {
    let world = world().await;
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(&[])).await;
    let code = agree(&mut browser, &location, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    is_refused(
        &ask(&world, "/oidc/token", &fields).await,
        400,
        "invalid_grant",
    );
    for grant_type in [
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:device_code",
    ] {
        let answer = ask(&world, "/oidc/token", &[("grant_type", grant_type)]).await;
        is_refused(&answer, 400, "unauthorized_client");
    }
    let device = ask(&world, "/oidc/device/auth", &[("scope", "openid")]).await;
    is_refused(&device, 400, "unauthorized_client");
}

#[tokio::test]
async fn t10_a_code_of_one_client_is_worth_nothing_to_another() {
    let world = world().await;
    let other = world.host.address("/other.json");
    let document = json!({"client_id": other, "redirect_uris": [CALLBACK]});
    world.host.serve("/other.json", Reply::json(document));
    let mut browser = Browser::new(&world.server);
    let location = asked(&mut browser, &world.query(&[])).await;
    let code = agree(&mut browser, &location, &[]).await;
    let fields = [
        ("client_id", other.as_str()),
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let answer = Browser::new(&world.server)
        .post("/oidc/token", &fields)
        .await;
    is_refused(&answer, 400, "invalid_grant");
}

#[tokio::test]
async fn a_client_whose_document_is_withdrawn_or_turned_off_is_refused() {
    let world = world().await;
    let tokens = tokens(&world, &[]).await;
    world.host.serve(PATH, Reply::new("404 Not Found", ""));
    let tokens = refresh(&world, &tokens, &[]).await;
    assert_eq!(tokens.status, 200, "still fresh: {}", tokens.body);
    let tokens = tokens.json();
    world.server.advance(3600);
    is_refused(&refresh(&world, &tokens, &[]).await, 401, "invalid_client");
    world.describe(&json!({}));
    world.server.advance(60);
    let tokens = refresh(&world, &tokens, &[]).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    world.turn(false).await;
    is_refused(
        &refresh(&world, &tokens.json(), &[]).await,
        401,
        "invalid_client",
    );
}

#[tokio::test]
async fn it_may_ask_for_the_person_as_far_as_the_ceiling_goes() {
    let world = world().await;
    let tokens = tokens(&world, &[("scope", "openid email"), ("resource", "")]).await;
    assert!(tokens.get("refresh_token").is_none());
    let header = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", header.as_str())];
    let mut browser = Browser::new(&world.server);
    let told = browser
        .send(Method::GET, "/oidc/me", &headers, Body::empty())
        .await;
    assert_eq!(told.json()["email"], "ann@example.com", "{}", told.body);
    let beyond = world.query(&[("scope", "openid profile")]);
    let beyond = browser
        .get(&format!("/oidc/auth?{beyond}"))
        .await
        .redirect();
    assert_eq!(
        parameter(&beyond, "error").as_deref(),
        Some("invalid_scope")
    );
}

#[tokio::test]
async fn account_and_audit_log_name_it_apart_from_applications() {
    let world = world().await;
    tokens(&world, &[]).await;
    let app = &world.server.app;
    let ann = store::user::find(app.db(), "default", ANN)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ann.cimd_client_id, Some(world.id()));
    assert_eq!(ann.application_id, None);
    app.audit().flush(app).await.unwrap();
    let page = Page {
        limit: 100,
        offset: 0,
    };
    let listed = store::log::page(app.db(), "default", Wanted::default(), page, 1000).await;
    let rows = listed.unwrap().rows;
    assert!(rows.len() >= 4, "{rows:?}");
    for row in rows {
        let payload: Value = serde_json::from_str(&row.payload).unwrap();
        assert_eq!(payload["cimdClientId"], world.id(), "{payload}");
        assert!(payload.get("applicationId").is_none(), "{payload}");
    }
}

#[tokio::test]
async fn hooks_are_told_its_address_in_the_place_of_an_application() {
    let world = world().await;
    let receiver = listen(&world.server, &["PostSignIn", "User.Data.Updated"]).await;
    tokens(&world, &[]).await;
    let calls = told(&world.server, &receiver).await;
    assert!(!calls.is_empty());
    for call in calls {
        assert_eq!(call.body["cimdClientId"], world.id(), "{}", call.body);
        assert!(call.body.get("application").is_none(), "{}", call.body);
        assert!(call.body.get("applicationId").is_none(), "{}", call.body);
    }
}
