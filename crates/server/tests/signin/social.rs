//! Signing in with a provider: a real one on loopback that vouches for whomever the test wants.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use aws_lc_rs::hmac;
use axum::{
    Form, Json, Router,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{connector::Connector, user::User};
use serde_json::{Value, json};
use store::user::{Change, Changes, UsernameCase};
use url::Url;

use crate::{
    action::{SIGN_IN, act},
    fixture::{self, PASSWORD, REQUEST, experience, furnish, is_signed_in},
    support::{
        ANN, BOB, Browser, ENDPOINT, TestServer,
        browser::{Answer, parameter},
    },
};

const CONNECTOR: &str = "acme00000001";

/// A provider with the target `acme`, and a server that knows it.
struct World {
    server: TestServer,
    /// Whom the provider vouches for.
    person: Arc<Mutex<Value>>,
    /// What its token endpoint was sent.
    sent: Arc<Mutex<Vec<HashMap<String, String>>>>,
    /// Its address.
    provider: String,
}

impl World {
    async fn begin(settings: Value) -> Self {
        Self::begin_with(settings, json!({})).await
    }

    /// The same with more members of the connector's configuration.
    async fn begin_with(settings: Value, config: Value) -> Self {
        let person = Arc::new(Mutex::new(json!({})));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = format!("http://{}", listener.local_addr().unwrap());
        let told = person.clone();
        let me = async move || Json(told.lock().unwrap().clone());
        let sent = Arc::<Mutex<Vec<_>>>::default();
        let received = sent.clone();
        let token = async move |Form(form): Form<HashMap<String, String>>| {
            received.lock().unwrap().push(form);
            Json(json!({ "access_token": "t", "expires_in": 3600 }))
        };
        let router: Router = Router::new()
            .route("/token", post(token))
            .route("/me", get(me));
        tokio::spawn(async { axum::serve(listener, router).await });

        let variables = [("HUFU_OUTBOUND_ALLOW", "127.0.0.1")];
        let server = furnish(TestServer::for_browsers_with(&variables).await).await;
        connect(&server, &provider, config).await;
        let mut document = json!({ "socialSignInConnectorTargets": ["acme"] });
        let more = settings.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(more);
        experience(&server, document).await;
        Self {
            server,
            person,
            sent,
            provider,
        }
    }

    fn vouch(&self, person: Value) {
        *self.person.lock().unwrap() = person;
    }

    /// Leaves for the provider and gives the address to come back at.
    async fn leave(&self, browser: &mut Browser<'_>) -> String {
        let sent = browser
            .get(&format!("/oidc/auth?{REQUEST}&prompt=login"))
            .await;
        let page = browser.get(sent.location()).await;
        let (_, after) = page.body.split_once("id=\"social-acme\" href=\"").unwrap();
        let href = after.split('"').next().unwrap();
        let href = href.replace("&#38;", "&").replace("&amp;", "&");
        let provider = browser.get(&href).await.redirect();
        assert_eq!(parameter(&provider, "client_id").as_deref(), Some("hufu"));
        let back = parameter(&provider, "redirect_uri").unwrap();
        assert!(back.ends_with(&format!("/callback/{CONNECTOR}")), "{back}");
        let state = parameter(&provider, "state").unwrap();
        format!("/callback/{CONNECTOR}?code=c&state={state}")
    }

    /// Comes back from the provider, which vouches for `person`.
    async fn arrive(&self, browser: &mut Browser<'_>, person: Value) -> Answer {
        let back = self.leave(browser).await;
        self.vouch(person);
        browser.get(&back).await
    }

    async fn owner(&self, identity: &str) -> Option<User> {
        store::user::find_by_identity(self.server.app.db(), "default", "acme", identity)
            .await
            .unwrap()
    }

    async fn people(&self) -> i64 {
        store::user::count(self.server.app.db(), "default")
            .await
            .unwrap()
    }
}

async fn connect(server: &TestServer, provider: &str, more: Value) {
    let mut config = json!({
        "authorizationEndpoint": format!("{provider}/auth"),
        "tokenEndpoint": format!("{provider}/token"),
        "userInfoEndpoint": format!("{provider}/me"),
        "clientId": "hufu",
        "clientSecret": "hush",
    });
    let members = config.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    let connector = Connector {
        id: CONNECTOR.to_owned(),
        factory: "oauth2".to_owned(),
        target: "acme".to_owned(),
        name: "Acme".into(),
        logo: None,
        logo_dark: None,
        config: config.as_object().unwrap().clone(),
        sync_profile: false,
        stores_tokens: false,
    };
    let mut tx = server.app.db().begin().await.unwrap();
    let vault = server.app.vault();
    store::connector::insert(&mut tx, vault, "default", &connector, server.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
}

/// What the provider says of somebody with ann's address.
fn as_ann(verified: bool) -> Value {
    json!({ "id": 42, "name": "Ann", "email": "Ann@example.com", "email_verified": verified })
}

#[tokio::test]
async fn a_new_person_gets_an_account_and_is_known_the_next_time() {
    let world = World::begin(json!({})).await;
    let carol = json!({ "id": "7", "name": "Carol", "email": "Carol@example.com", "email_verified": true, "sub": ANN });
    for _ in 0..2 {
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, carol.clone()).await;
        assert!(is_signed_in(&answer), "{}", answer.body);
        let back = browser.get(answer.location()).await.redirect();
        assert!(parameter(&back, "code").is_some(), "{back}");
    }
    assert_eq!(world.people().await, 3);
    let made = world.owner("7").await.unwrap();
    assert_eq!(made.name.as_deref(), Some("Carol"));
    assert_eq!(made.primary_email.as_deref(), Some("carol@example.com"));
    assert_ne!(made.id, ANN, "t34: the provider does not choose the id");
}

#[tokio::test]
async fn t31_an_unproven_address_neither_links_nor_becomes_the_account_s() {
    let automatic = json!({ "socialSignIn": { "automaticAccountLinking": true } });
    let world = World::begin(automatic).await;
    let silent = json!({ "id": 43, "email": "ann@example.com" });
    for (person, identity) in [(as_ann(false), "42"), (silent, "43")] {
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, person).await;
        assert!(is_signed_in(&answer), "{}", answer.body);
        let made = world.owner(identity).await.unwrap();
        assert_ne!(made.id, ANN);
        assert_eq!(made.primary_email, None);
    }
}

/// Gives bob a number, and says what the provider says of somebody with it.
async fn as_bob(world: &World, verified: bool) -> Value {
    let server = &world.server;
    let changes = Changes {
        primary_phone: Change::To(Some("4930123456".to_owned())),
        ..Changes::default()
    };
    let case = UsernameCase::Insensitive;
    let mut tx = server.app.db().begin().await.unwrap();
    store::user::update(&mut tx, "default", BOB, &changes, case, server.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    json!({ "id": 44, "phone": "+49 (30) 123-456", "phone_number_verified": verified })
}

#[tokio::test]
async fn t31_a_number_links_and_becomes_the_account_s_as_an_address_does() {
    let automatic = json!({ "socialSignIn": { "automaticAccountLinking": true } });
    let world = World::begin(automatic).await;
    let unproven = as_bob(&world, false).await;
    let mut national = as_bob(&world, true).await;
    national["id"] = 45.into();
    national["phone"] = "4930123456".into();
    for (person, identity) in [(unproven, "44"), (national, "45")] {
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, person).await;
        assert!(is_signed_in(&answer), "{}", answer.body);
        let made = world.owner(identity).await.unwrap();
        assert_ne!(made.id, BOB);
        assert_eq!(made.primary_phone, None);
    }
    let mut proven = as_bob(&world, true).await;
    proven["id"] = 46.into();
    let mut browser = Browser::new(&world.server);
    assert!(is_signed_in(&world.arrive(&mut browser, proven).await));
    assert_eq!(world.owner("46").await.unwrap().id, BOB);
    let new = json!({ "id": 47, "phone": "+1 555 0109999", "phone_verified": "true" });
    let mut browser = Browser::new(&world.server);
    assert!(is_signed_in(&world.arrive(&mut browser, new).await));
    let made = world.owner("47").await.unwrap();
    assert_eq!(made.primary_phone.as_deref(), Some("15550109999"));
    assert_eq!(made.identities["acme"].details["phone"], "+1 555 0109999");
}

#[tokio::test]
async fn t31_an_address_and_a_number_of_two_people_link_neither_without_a_password() {
    let automatic = json!({ "socialSignIn": { "automaticAccountLinking": true } });
    let world = World::begin(automatic).await;
    let mut both = as_bob(&world, true).await;
    both["email"] = "ann@example.com".into();
    both["email_verified"] = true.into();
    let mut browser = Browser::new(&world.server);
    let asked = world.arrive(&mut browser, both).await;
    let form = fixture::Form::open(&mut browser, asked.location()).await;
    let page = browser.get(asked.location()).await;
    assert!(page.body.contains("value=\"+4930123456\""), "{}", page.body);
    assert!(page.body.contains("Phone number"), "{}", page.body);
    assert!(!page.body.contains("ann@example.com"), "{}", page.body);
    assert!(world.owner("44").await.is_none());
    let right = form.send(&mut browser, &[("password", PASSWORD)]).await;
    assert!(is_signed_in(&right), "{}", right.body);
    assert_eq!(world.owner("44").await.unwrap().id, BOB);
}

#[tokio::test]
async fn t32_the_account_s_password_proves_that_both_belong_together() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let asked = world.arrive(&mut browser, as_ann(true)).await;
    assert!(
        asked.location().starts_with("/social/link/"),
        "{}",
        asked.location()
    );
    assert_eq!(world.server.sessions_of(ANN).await, 0, "not signed in yet");
    let form = fixture::Form::open(&mut browser, asked.location()).await;

    let wrong = form
        .send(&mut browser, &[("password", "wrong trumpets")])
        .await;
    assert_eq!(wrong.status, 200);
    assert!(world.owner("42").await.is_none());
    let right = form.send(&mut browser, &[("password", PASSWORD)]).await;
    assert!(is_signed_in(&right), "{}", right.body);
    assert_eq!(world.owner("42").await.unwrap().id, ANN);

    let mut later = Browser::new(&world.server);
    assert!(is_signed_in(&world.arrive(&mut later, as_ann(false)).await));
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn t32_a_proof_serves_one_link_in_one_sign_in() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let asked = world.arrive(&mut browser, as_ann(true)).await;
    let link = asked.location().to_owned();
    let form = fixture::Form::open(&mut browser, &link).await;

    let mut thief = Browser::new(&world.server);
    assert_eq!(
        form.send(&mut thief, &[("password", PASSWORD)])
            .await
            .status,
        400
    );
    let other = fixture::Form::begin(&mut browser, REQUEST).await;
    let (_, query) = other.address.split_once('?').unwrap();
    let elsewhere = browser
        .get(&format!("/social/link/{CONNECTOR}?{query}"))
        .await;
    assert_eq!(elsewhere.status, 400, "another sign-in of the same browser");
    let unknown = browser.get(&link.replace(CONNECTOR, "other0000001")).await;
    assert_eq!(unknown.status, 400, "another provider");

    assert!(is_signed_in(
        &form.send(&mut browser, &[("password", PASSWORD)]).await
    ));
    let mut tx = world.server.app.db().begin().await.unwrap();
    store::user::unlink(&mut tx, "default", ANN, "acme")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let again = form.send(&mut browser, &[("password", PASSWORD)]).await;
    assert_eq!(again.status, 400, "the proof dies with its use");
    assert!(world.owner("42").await.is_none());
}

#[tokio::test]
async fn t47_guesses_at_the_link_count_like_any_others() {
    let policy = json!({ "sentinelPolicy": { "maxAttempts": 2 } });
    let world = World::begin(policy).await;
    let mut browser = Browser::new(&world.server);
    let asked = world.arrive(&mut browser, as_ann(true)).await;
    let form = fixture::Form::open(&mut browser, asked.location()).await;
    for _ in 0..2 {
        form.send(&mut browser, &[("password", "wrong trumpets")])
            .await;
    }
    let locked = form.send(&mut browser, &[("password", PASSWORD)]).await;
    assert_eq!(locked.status, 200);
    assert!(world.owner("42").await.is_none());
}

#[tokio::test]
async fn a_link_can_be_proven_where_people_sign_in_by_user_name_only() {
    let methods = json!([{ "identifier": "username", "password": true }]);
    let world = World::begin(json!({ "signIn": { "methods": methods } })).await;
    let mut browser = Browser::new(&world.server);
    let asked = world.arrive(&mut browser, as_ann(true)).await;
    let form = fixture::Form::open(&mut browser, asked.location()).await;
    assert!(is_signed_in(
        &form.send(&mut browser, &[("password", PASSWORD)]).await
    ));
}

#[tokio::test]
async fn a_proven_address_links_at_once_where_the_operator_said_so() {
    let automatic = json!({ "socialSignIn": { "automaticAccountLinking": true } });
    let world = World::begin(automatic).await;
    let mut browser = Browser::new(&world.server);
    assert!(is_signed_in(
        &world.arrive(&mut browser, as_ann(true)).await
    ));
    assert_eq!(world.owner("42").await.unwrap().id, ANN);
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn t37_a_return_works_once_and_only_in_the_browser_that_left() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let back = world.leave(&mut browser).await;
    world.vouch(json!({ "id": 7 }));

    let mut thief = Browser::new(&world.server);
    assert_eq!(thief.get(&back).await.status, 400, "no cookie");
    world.leave(&mut thief).await;
    assert_eq!(thief.get(&back).await.status, 400, "a sign-in of its own");
    let Some((interaction, secret)) = back.rsplit_once('.') else {
        panic!("{back}")
    };
    for state in ["", "a", &"a".repeat(secret.len())] {
        let forged = format!("{interaction}.{state}");
        assert_eq!(browser.get(&forged).await.status, 400, "{state}");
    }
    let other = back.replace(CONNECTOR, "other0000001");
    assert_eq!(browser.get(&other).await.status, 400, "another connector");
    assert_eq!(world.people().await, 2);

    assert!(is_signed_in(&browser.get(&back).await));
    assert_eq!(browser.get(&back).await.status, 400, "a second time");
}

#[tokio::test]
async fn t38_a_provider_that_is_removed_meanwhile_vouches_for_nobody() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let back = world.leave(&mut browser).await;
    let mut tx = world.server.app.db().begin().await.unwrap();
    store::connector::delete(&mut tx, "default", CONNECTOR)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.server.app.reload().await.unwrap();
    let answer = browser.get(&back).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("href=\"/sign-in?"),
        "a way on: {}",
        answer.body
    );
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn a_provider_s_no_leads_back_to_the_sign_in_page() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let back = world.leave(&mut browser).await;
    let no = back.replace("code=c", "error=access_denied");
    let answer = browser.get(&no).await;
    assert!(answer.body.contains("Acme") && answer.body.contains("href=\"/sign-in?"));
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn a_suspended_person_does_not_come_in_through_a_provider() {
    let automatic = json!({ "socialSignIn": { "automaticAccountLinking": true } });
    let world = World::begin(automatic).await;
    world.server.suspend(ANN).await;
    let mut browser = Browser::new(&world.server);
    assert_eq!(world.arrive(&mut browser, as_ann(true)).await.status, 403);
    assert!(world.owner("42").await.is_none());
}

#[tokio::test]
async fn where_nobody_new_may_come_no_account_is_made() {
    let world = World::begin(json!({ "signInMode": "SignIn" })).await;
    let mut browser = Browser::new(&world.server);
    let answer = world.arrive(&mut browser, json!({ "id": 7 })).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("href=\"/sign-in?"), "a way on");
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn an_answer_without_an_id_is_nobody() {
    let world = World::begin(json!({})).await;
    for person in [
        json!({}),
        json!({ "id": null }),
        json!({ "id": "" }),
        json!([]),
    ] {
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, person).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("href=\"/sign-in?"), "{}", answer.body);
    }
    assert_eq!(world.people().await, 2);
}

#[tokio::test]
async fn t45_what_a_provider_says_is_shown_as_text() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let person = json!({ "id": "<script>alert(1)</script>", "name": "<script>alert(2)</script>" });
    assert!(is_signed_in(&world.arrive(&mut browser, person).await));
    let asked = browser
        .get(&format!("/oidc/auth?{REQUEST}&prompt=select_account"))
        .await;
    let page = browser.get(asked.location()).await;
    assert!(
        page.body.contains("alert(2)"),
        "the page names the person: {}",
        page.body
    );
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
}

/// RFC 7523 §3, as a receiver checks it that knows the secret.
#[tokio::test]
async fn a_secret_proves_hufu_without_being_sent() {
    for (name, function) in [
        ("HS256", hmac::HMAC_SHA256),
        ("HS384", hmac::HMAC_SHA384),
        ("HS512", hmac::HMAC_SHA512),
    ] {
        let config = json!({
            "tokenEndpointAuthMethod": "client_secret_jwt", "clientSecretJwtSigningAlgorithm": name,
        });
        let world = World::begin_with(json!({}), config).await;
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, json!({ "id": 7 })).await;
        assert!(is_signed_in(&answer), "{}", answer.body);
        let sent = world.sent.lock().unwrap().clone();
        let [form] = sent.as_slice() else {
            panic!("{sent:?}")
        };
        assert!(!form.contains_key("client_secret"), "{form:?}");
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        assert_eq!(form["client_assertion_type"], kind);
        let (signed, tag) = form["client_assertion"].rsplit_once('.').unwrap();
        let tag = URL_SAFE_NO_PAD.decode(tag).unwrap();
        let key = hmac::Key::new(function, b"hush");
        assert!(
            hmac::verify(&key, signed.as_bytes(), &tag).is_ok(),
            "{name}"
        );
        let part = |place: usize| -> Value {
            let segment = signed.split('.').nth(place).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
        };
        assert_eq!(part(0), json!({ "alg": name, "typ": "JWT" }));
        let (claims, now) = (part(1), world.server.now());
        let jti = claims["jti"].as_str().unwrap();
        assert!(jti.len() > 20 && jti != form["code"], "{jti}");
        let expected = json!({
            "iss": "hufu", "sub": "hufu", "aud": format!("{}/token", world.provider), "jti": jti,
            "iat": now, "exp": now.plus(300),
        });
        assert_eq!(claims, expected);
    }
}

#[tokio::test]
async fn direct_sign_in_passes_the_page() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let sent = browser
        .get(&format!("/oidc/auth?{REQUEST}&direct_sign_in=social:acme"))
        .await;
    assert!(
        sent.location().starts_with("/direct/"),
        "{}",
        sent.location()
    );
    let provider = browser.get(sent.location()).await.redirect();
    assert_eq!(provider.path(), "/auth");
}

#[tokio::test]
async fn social_only_hides_the_password() {
    let methods = json!({ "signIn": { "methods": [] } });
    let world = World::begin(methods).await;
    let mut browser = Browser::new(&world.server);
    let sent = browser.get(&format!("/oidc/auth?{REQUEST}")).await;
    let page = browser.get(sent.location()).await;
    assert!(!page.body.contains("type=\"password\"") && page.body.contains("Acme"));
    assert!(is_signed_in(
        &world.arrive(&mut browser, json!({ "id": 7 })).await
    ));
}

#[tokio::test]
async fn a_button_shows_the_provider_s_own_name_and_logos() {
    let world = World::begin(json!({})).await;
    let (db, vault) = (world.server.app.db(), world.server.app.vault());
    let found = store::connector::find(db, vault, "default", CONNECTOR).await;
    let changed = Connector {
        logo: Some("https://acme.test/logo.svg".to_owned()),
        logo_dark: Some("https://acme.test/dark.svg".to_owned()),
        name: "Acme \"SSO\" <b>".into(),
        ..found.unwrap().unwrap()
    };
    let mut tx = db.begin().await.unwrap();
    store::connector::update(&mut tx, vault, "default", &changed)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for is_dark_mode_enabled in [true, false] {
        let color = json!({ "primaryColor": "#6139f6", "darkPrimaryColor": "#8768f8", "isDarkModeEnabled": is_dark_mode_enabled });
        let settings = json!({ "color": color, "socialSignInConnectorTargets": ["acme"] });
        experience(&world.server, settings).await;
        world.server.app.reload().await.unwrap();
        let mut browser = Browser::new(&world.server);
        let sent = browser.get(&format!("/oidc/auth?{REQUEST}")).await;
        let page = browser.get(sent.location()).await.body;
        assert!(
            page.contains("src=\"https://acme.test/logo.svg\""),
            "{page}"
        );
        let dark = "srcset=\"https://acme.test/dark.svg\" media=\"(prefers-color-scheme: dark)\"";
        assert_eq!(page.contains(dark), is_dark_mode_enabled, "{page}");
        assert!(
            page.contains("Acme &#34;SSO&#34; &#60;b&#62;"),
            "t45: {page}"
        );
    }
}

#[tokio::test]
async fn a_provider_that_posts_its_answer_is_heard() {
    let world = World::begin(json!({})).await;
    let mut browser = Browser::new(&world.server);
    let back = world.leave(&mut browser).await;
    world.vouch(json!({ "id": 7 }));
    let address = Url::parse(&format!("{ENDPOINT}{back}")).unwrap();
    let state = parameter(&address, "state").unwrap();
    // Lax cookies do not come with a form from elsewhere.
    let mut without_cookies = Browser::new(&world.server);
    let fields = [("code", "c"), ("state", state.as_str())];
    let repeated = without_cookies.post(address.path(), &fields).await;
    assert!(is_signed_in(&browser.get(repeated.location()).await));
}

#[tokio::test]
async fn a_script_has_a_word_when_a_known_person_comes_with_a_provider() {
    let world = World::begin(json!({})).await;
    let body = "return { action: 'updateUser', user: { customData: { seen: event.user.name } } }";
    act(&world.server, SIGN_IN, body, "block").await;
    let carol = json!({ "id": "7", "name": "Carol" });
    for seen in [None, Some(&json!("Carol"))] {
        let mut browser = Browser::new(&world.server);
        let answer = world.arrive(&mut browser, carol.clone()).await;
        assert!(is_signed_in(&answer), "{}", answer.body);
        let data = world.owner("7").await.unwrap().custom_data;
        assert_eq!(data.get("seen"), seen);
    }
    act(&world.server, SIGN_IN, "throw 1", "block").await;
    let mut browser = Browser::new(&world.server);
    let answer = world.arrive(&mut browser, carol).await;
    assert_eq!(answer.status, 500);
}
