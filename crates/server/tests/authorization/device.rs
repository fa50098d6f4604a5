//! `/device`: the pages of the device flow (RFC 8628 §3.3).

use axum::http::StatusCode;
use protocol::client::ApplicationType;
use serde_json::{Value, json};

use crate::support::{
    ANN, BOB, Browser, TestServer,
    browser::{Answer, parameter},
};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A server with the applications `tv` and, of a third party, `frame`, which run on devices.
async fn start() -> TestServer {
    let server = TestServer::for_browsers().await;
    let mut tx = server.app.db().begin().await.unwrap();
    let found = store::application::find(&mut tx, "default", "spa").await;
    let spa = found.unwrap().unwrap();
    for (id, is_third_party) in [("tv", false), ("frame", true)] {
        let mut device = spa.clone();
        id.clone_into(&mut device.id);
        format!("The {id}").clone_into(&mut device.name);
        device.kind = ApplicationType::Native;
        device.is_third_party = is_third_party;
        device.oidc_client_metadata.redirect_uris.clear();
        let rest = &mut device.custom_client_metadata.rest;
        rest.insert("isDeviceFlow".to_owned(), json!(true));
        store::application::insert(&mut tx, "default", &device)
            .await
            .unwrap();
    }
    let email = ["email".to_owned()];
    let relation = store::relation::CONSENT_USER_SCOPES;
    store::relation::add(&mut tx, relation, "default", &["frame"], &email)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
    server
}

/// A device that waits.
struct Device<'s> {
    server: &'s TestServer,
    client: &'static str,
    begun: Value,
}

impl<'s> Device<'s> {
    async fn begin(server: &'s TestServer, client: &'static str) -> Self {
        let form = [("client_id", client), ("scope", "openid email")];
        let answer = Browser::new(server).post("/oidc/device/auth", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let begun = answer.json();
        Self {
            server,
            client,
            begun,
        }
    }

    fn user_code(&self) -> &str {
        self.begun["user_code"].as_str().unwrap()
    }

    /// `None` for tokens, or the error.
    async fn poll(&self) -> Result<Value, String> {
        let form = [
            ("grant_type", GRANT),
            ("client_id", self.client),
            ("device_code", self.begun["device_code"].as_str().unwrap()),
        ];
        let answer = Browser::new(self.server).post("/oidc/token", &form).await;
        let body = answer.json();
        match body["error"].as_str() {
            None => Ok(body),
            Some(error) => Err(error.to_owned()),
        }
    }
}

/// Types the code and gives the address of the page that asks whether the device is one's own.
async fn typed(browser: &mut Browser<'_>, user_code: &str) -> String {
    let answer = browser.post("/device", &[("user_code", user_code)]).await;
    let location = answer.location().to_owned();
    assert!(location.starts_with("/device/confirm?i="), "{location}");
    location
}

/// Decides on that page.
async fn decided(browser: &mut Browser<'_>, page: &str, decision: &str) -> Answer {
    let shown = browser.get(page).await;
    let csrf = shown.hidden_field("csrf");
    let form = [("csrf", csrf.as_str()), ("decision", decision)];
    browser.post(page, &form).await
}

/// Goes on from a confirmed page to the next one.
async fn allowed(browser: &mut Browser<'_>, page: &str) -> String {
    let answer = decided(browser, page, "allow").await;
    let resume = answer.location().to_owned();
    browser.get(&resume).await.location().to_owned()
}

#[tokio::test]
async fn a_person_signs_in_for_a_device() {
    let server = start().await;
    let tv = Device::begin(&server, "tv").await;
    let mut browser = Browser::new(&server);
    let address = tv.begun["verification_uri_complete"].as_str().unwrap();
    let page = browser.get(address).await;
    let filled = format!("value=\"{}\"", tv.user_code());
    assert!(page.body.contains(&filled), "{}", page.body);

    let page = typed(&mut browser, &tv.user_code().to_lowercase()).await;
    let shown = browser.get(&page).await;
    assert!(shown.body.contains("The tv") && shown.body.contains(tv.user_code()));
    assert_eq!(tv.poll().await, Err("authorization_pending".to_owned()));
    let sign_in = allowed(&mut browser, &page).await;
    assert!(sign_in.starts_with("/sign-in?"), "{sign_in}");
    assert_eq!(browser.get(&sign_in).await.status, StatusCode::OK);
    let resume = browser.sign_in_at(&sign_in, ANN).await;
    let end = browser.get(&resume).await.location().to_owned();
    assert_eq!(end, "/device/success");
    assert_eq!(browser.get(&end).await.status, StatusCode::OK);
    let tokens = tv.poll().await.unwrap();
    assert_eq!(tokens["scope"], "openid email");
    assert_eq!(server.grants_of(ANN).await, 1);

    // The next device gets its tokens over the live session, but not without being confirmed.
    let tv = Device::begin(&server, "tv").await;
    let page = typed(&mut browser, tv.user_code()).await;
    let id = parameter(&format!("http://x{page}").parse().unwrap(), "i").unwrap();
    let skipped = browser.get(&format!("/oidc/auth/{id}")).await;
    assert!(skipped.location().starts_with("/device/confirm?"));
    assert_eq!(tv.poll().await, Err("authorization_pending".to_owned()));
    assert_eq!(allowed(&mut browser, &page).await, "/device/success");
    assert!(tv.poll().await.is_ok());
    let used = [("user_code", tv.user_code())];
    let again = browser.post("/device", &used).await;
    assert!(again.body.contains("role=\"alert\""));
}

#[tokio::test]
async fn a_person_declines() {
    let server = start().await;
    for decision in ["deny", ""] {
        let tv = Device::begin(&server, "tv").await;
        let mut browser = Browser::new(&server);
        let page = typed(&mut browser, tv.user_code()).await;
        let answer = decided(&mut browser, &page, decision).await;
        assert_eq!(answer.location(), "/device/denied");
        assert_eq!(browser.get("/device/denied").await.status, StatusCode::OK);
        assert_eq!(tv.poll().await, Err("access_denied".to_owned()));
    }
}

#[tokio::test]
async fn a_third_partys_device_needs_consent() {
    let server = start().await;
    for (decision, end) in [("allow", "/device/success"), ("deny", "/device/denied")] {
        let frame = Device::begin(&server, "frame").await;
        let mut browser = Browser::new(&server);
        let page = typed(&mut browser, frame.user_code()).await;
        let sign_in = allowed(&mut browser, &page).await;
        let resume = browser.sign_in_at(&sign_in, BOB).await;
        let next = browser.get(&resume).await.location().to_owned();
        if decision == "deny" {
            // Bob agreed before.
            assert_eq!(next, "/device/success");
            continue;
        }
        assert!(next.starts_with("/consent?"), "{next}");
        let answer = decided(&mut browser, &next, decision).await;
        let resume = answer.location().to_owned();
        assert_eq!(browser.get(&resume).await.location(), end);
        assert!(frame.poll().await.is_ok());
    }
    let frame = Device::begin(&server, "frame").await;
    let mut browser = Browser::new(&server);
    let page = typed(&mut browser, frame.user_code()).await;
    let sign_in = allowed(&mut browser, &page).await;
    let resume = browser.sign_in_at(&sign_in, ANN).await;
    let next = browser.get(&resume).await.location().to_owned();
    let answer = decided(&mut browser, &next, "deny").await;
    assert_eq!(answer.location(), "/device/denied");
    assert_eq!(frame.poll().await, Err("access_denied".to_owned()));
}

#[tokio::test]
async fn t25_a_device_is_confirmed_by_the_browser_that_typed_its_code() {
    let server = start().await;
    let tv = Device::begin(&server, "tv").await;
    let mut browser = Browser::new(&server);
    let page = typed(&mut browser, tv.user_code()).await;
    let csrf = browser.get(&page).await.hidden_field("csrf");
    let form = [("csrf", csrf.as_str()), ("decision", "allow")];
    let mut victim = Browser::new(&server);
    typed(&mut victim, Device::begin(&server, "tv").await.user_code()).await;
    assert_eq!(victim.get(&page).await.status, StatusCode::BAD_REQUEST);
    let answer = victim.post(&page, &form).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    for wrong in ["", "x"] {
        let form = [("csrf", wrong), ("decision", "allow")];
        let answer = browser.post(&page, &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(tv.poll().await, Err("authorization_pending".to_owned()));
}

#[tokio::test]
async fn the_first_who_decides_wins_and_nobody_decides_too_late() {
    let server = start().await;
    let tv = Device::begin(&server, "tv").await;
    let (mut first, mut second) = (Browser::new(&server), Browser::new(&server));
    let pages = (
        typed(&mut first, tv.user_code()).await,
        typed(&mut second, tv.user_code()).await,
    );
    let sign_in = allowed(&mut first, &pages.0).await;
    let resume = first.sign_in_at(&sign_in, ANN).await;
    let late = allowed(&mut second, &pages.1).await;
    let late = second.sign_in_at(&late, BOB).await;
    assert_eq!(first.get(&resume).await.location(), "/device/success");
    assert_eq!(second.get(&late).await.location(), "/device/denied");
    assert_eq!(server.grants_of(BOB).await, 0);
    assert!(tv.poll().await.is_ok());

    let tv = Device::begin(&server, "tv").await;
    let page = typed(&mut first, tv.user_code()).await;
    server.advance(600);
    assert_eq!(allowed(&mut first, &page).await, "/device/denied");
    assert_eq!(tv.poll().await, Err("expired_token".to_owned()));
    assert_eq!(server.grants_of(ANN).await, 1);
}

#[tokio::test]
async fn t49_user_codes_are_not_guessed_for_long() {
    let server = start().await;
    let tv = Device::begin(&server, "tv").await;
    let mut browser = Browser::new(&server);
    for wrong in ["", "BCDF-GHJK", "' OR 1=1 --", "0000-0000", "x"].repeat(2) {
        let answer = browser.post("/device", &[("user_code", wrong)]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    }
    let right = [("user_code", tv.user_code())];
    let answer = browser.post("/device", &right).await;
    assert!(answer.body.contains("10 min"), "{}", answer.body);
    let mut elsewhere = Browser::new(&server);
    let answer = elsewhere.post("/device", &right).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "it is the address that waits"
    );
    server.advance(600);
    let tv = Device::begin(&server, "tv").await;
    typed(&mut browser, tv.user_code()).await;
}

#[tokio::test]
async fn a_suspended_person_gets_nothing_for_a_device() {
    let server = start().await;
    let tv = Device::begin(&server, "tv").await;
    let mut browser = Browser::new(&server);
    let page = typed(&mut browser, tv.user_code()).await;
    let sign_in = allowed(&mut browser, &page).await;
    let resume = browser.sign_in_at(&sign_in, ANN).await;
    server.suspend(ANN).await;
    let next = browser.get(&resume).await;
    assert!(next.location().starts_with("/sign-in?"));
    assert_eq!(tv.poll().await, Err("authorization_pending".to_owned()));
}

#[tokio::test]
async fn the_short_address_is_found_from_the_long_one() {
    let server = start().await;
    let mut browser = Browser::new(&server);
    let answer = browser.get("/oidc/device?user_code=BCDF-GHJK").await;
    assert_eq!(answer.location(), "/device?user_code=BCDF-GHJK");
    assert_eq!(browser.get("/oidc/device").await.location(), "/device");
    let odd = browser.get("/device?user_code=%22%3E%3Cscript%3E").await;
    assert_eq!(odd.status, StatusCode::OK);
    assert!(!odd.body.contains("<script>\""));
}

#[tokio::test]
async fn the_demo_device_shows_a_code_waits_and_gets_tokens() {
    let server = TestServer::for_browsers().await;
    let (mut device, mut phone) = (Browser::new(&server), Browser::new(&server));
    let first = device.get("/device-demo-app").await;
    assert!(first.body.contains("id=\"device-start\""), "{}", first.body);
    assert!(
        !first.body.contains("http-equiv"),
        "it waits for nothing yet"
    );
    let started = device.post("/device-demo-app/start", &[]).await;
    assert_eq!(started.location(), "/device-demo-app");

    let waiting = device.get("/device-demo-app").await;
    assert!(
        waiting
            .body
            .contains("<meta http-equiv=\"refresh\" content=\"6\">")
    );
    assert!(waiting.body.contains("data:image/svg+xml;base64,"));
    let policy = waiting.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"));
    let (_, code) = waiting
        .body
        .split_once("id=\"user-code\" dir=\"ltr\">")
        .unwrap();
    let code = code.split('<').next().unwrap();
    // Loaded again at once: the page waits as before.
    assert!(device.get("/device-demo-app").await.body.contains(code));

    let page = typed(&mut phone, code).await;
    let sign_in = allowed(&mut phone, &page).await;
    let resume = phone.sign_in_at(&sign_in, ANN).await;
    assert_eq!(phone.get(&resume).await.location(), "/device/success");
    let got = device.get("/device-demo-app").await;
    assert_eq!(got.location(), "/device-demo-app");
    let shown = device.get("/device-demo-app").await;
    assert!(shown.body.contains("id=\"signed-in\""), "{}", shown.body);
    assert!(
        shown
            .body
            .contains("&quot;aud&quot;: &quot;device-demo-app&quot;")
            || shown
                .body
                .contains("&#34;aud&#34;: &#34;device-demo-app&#34;"),
        "{}",
        shown.body
    );
    let refreshed = device.post("/device-demo-app/refresh", &[]).await;
    assert_eq!(refreshed.location(), "/device-demo-app");
    assert!(
        device
            .get("/device-demo-app")
            .await
            .body
            .contains("id=\"signed-in\"")
    );
    device.post("/device-demo-app/forget", &[]).await;
    let over = device.get("/device-demo-app").await;
    assert!(over.body.contains("id=\"device-start\""));
}

#[tokio::test]
async fn the_demo_device_says_when_somebody_declines() {
    let server = TestServer::for_browsers().await;
    let (mut device, mut phone) = (Browser::new(&server), Browser::new(&server));
    device.post("/device-demo-app/start", &[]).await;
    let waiting = device.get("/device-demo-app").await;
    let (_, code) = waiting
        .body
        .split_once("id=\"user-code\" dir=\"ltr\">")
        .unwrap();
    let page = typed(&mut phone, code.split('<').next().unwrap()).await;
    decided(&mut phone, &page, "deny").await;
    let told = device.get("/device-demo-app").await;
    assert!(told.body.contains("id=\"alert\"") && told.body.contains("id=\"device-start\""));
    assert!(
        !device
            .get("/device-demo-app")
            .await
            .body
            .contains("id=\"alert\"")
    );
}
