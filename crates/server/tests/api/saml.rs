//! Hufu as a SAML identity provider, over HTTP: metadata, requests and answers (`contract/logto-api.md` §5.6).

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use protocol::saml::binding::packed;
use serde_json::{Value, json};
use store::{on_both, testing::TestDb};
use url::form_urlencoded;

use crate::{
    manager::Manager,
    support::{ANN, Answer, TestServer},
};

on_both! {
    the_metadata_names_the_active_key,
    a_person_signs_in_by_redirect,
    a_person_signs_in_by_form,
    t41_a_request_that_is_not_the_service_providers_is_refused,
    t45_html_injection_in_the_auto_submit_form_stays_text,
    t25_an_answer_is_for_the_browser_that_brought_the_request_and_once,
    t17_who_may_not_use_the_application_gets_no_assertion,
    a_passive_request_is_answered_without_a_page,
    an_application_that_is_not_set_up_says_what_it_lacks,
    what_happens_is_written_down,
    t53_strange_requests_are_refused,
}

const PASSWORD: &str = "Plough-Marble-42";
const ENTITY_ID: &str = "https://sp.test/metadata";
const ACS: &str = "https://sp.test/acs";

/// A server whose ann has a password, and a SAML application.
struct World {
    manager: Manager,
    id: String,
}

impl World {
    async fn start(db: TestDb) -> Self {
        Self::with(db, json!({})).await
    }

    async fn with(db: TestDb, settings: Value) -> Self {
        let manager = Manager::start(db).await;
        let mut body = json!({
            "name": "Wiki", "entityId": ENTITY_ID,
            "acsUrl": { "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", "url": ACS },
        });
        let members = body.as_object_mut().unwrap();
        members.extend(settings.as_object().unwrap().clone());
        let made = manager.post("/saml-applications", &body).await.with(201);
        let path = format!("/users/{ANN}/password");
        let password = json!({ "password": PASSWORD });
        manager.patch(&path, &password).await.with(200);
        Self {
            manager,
            id: made["id"].as_str().unwrap().to_owned(),
        }
    }

    fn server(&self) -> &TestServer {
        &self.manager.server
    }

    /// A request of now.
    fn request(&self) -> String {
        self.request_with("")
    }

    fn request_with(&self, attributes: &str) -> String {
        let (id, now) = (&self.id, self.server().now().iso());
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_b7\" Version=\"2.0\" IssueInstant=\"{now}\" \
             Destination=\"http://id.test/api/saml/{id}/authn\" AssertionConsumerServiceURL=\"{ACS}\"{attributes}>\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{ENTITY_ID}</saml:Issuer></samlp:AuthnRequest>"
        )
    }

    /// The address that the redirect binding makes of a request.
    fn address(&self, xml: &str, relay_state: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("SAMLRequest", &packed(xml));
        relay_state.map(|text| query.append_pair("RelayState", text));
        format!("/api/saml/{}/authn?{}", self.id, query.finish())
    }
}

/// A browser: it keeps cookies and follows nothing by itself.
struct Visitor<'w> {
    world: &'w World,
    cookies: BTreeMap<String, String>,
    accept: &'static str,
}

impl<'w> Visitor<'w> {
    fn new(world: &'w World) -> Self {
        Self {
            world,
            cookies: BTreeMap::new(),
            accept: "text/html,application/xhtml+xml",
        }
    }

    async fn send(&mut self, method: &str, address: &str, form: &[(&str, &str)]) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        let headers = [
            ("cookie", cookies.as_str()),
            ("accept", self.accept),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let path = address.strip_prefix("http://id.test").unwrap_or(address);
        let answer = self.world.server().send(method, path, &headers, body).await;
        for line in answer.headers.get_all("set-cookie") {
            let (pair, _) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn get(&mut self, address: &str) -> Answer {
        self.send("GET", address, &[]).await
    }

    /// Follows redirects until a page comes; gives its address as well.
    async fn follow(&mut self, mut answer: Answer) -> (String, Answer) {
        let mut address = String::new();
        for _ in 0..10 {
            if !matches!(answer.status, 302 | 303) {
                return (address, answer);
            }
            answer.header("location").clone_into(&mut address);
            answer = self.get(&address).await;
        }
        panic!("no page at {address}");
    }

    /// Signs ann in on the page that a request led to, and gives the address of the callback.
    async fn callback(&mut self, begun: Answer) -> String {
        let (address, page) = self.follow(begun).await;
        assert!(address.starts_with("/sign-in"), "{address}: {}", page.body);
        let csrf = between(&text(&page), "name=\"csrf\" value=\"", "\"");
        let form = [
            ("csrf", &*csrf),
            ("identifier", "ann"),
            ("password", PASSWORD),
        ];
        let signed_in = self.send("POST", &address, &form).await;
        let resume = signed_in.header("location").to_owned();
        let answer = self.get(&resume).await;
        answer.header("location").to_owned()
    }
}

fn text(answer: &Answer) -> String {
    answer.body.as_str().unwrap_or_default().to_owned()
}

fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split(after).next().unwrap().to_owned()
}

/// The answer in the form of a page.
fn response(page: &Answer) -> String {
    let encoded = between(&text(page), "name=\"SAMLResponse\" value=\"", "\"");
    // Base64 has no character that HTML escapes but these.
    let encoded = encoded.replace("&#43;", "+").replace("&#x2B;", "+");
    String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
}

async fn the_metadata_names_the_active_key(db: TestDb) {
    let world = World::start(db).await;
    let (manager, id) = (&world.manager, &world.id);
    let path = format!("/api/saml-applications/{id}/metadata");
    let metadata = async || world.server().get(&path, &[]).await;
    let keys = manager
        .get(&format!("/saml-applications/{id}/secrets"))
        .await
        .with(200);
    let bare = |key: &Value| {
        key["certificate"]
            .as_str()
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect::<String>()
    };
    let answer = metadata().await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/xml; charset=utf-8")
    );
    let xml = text(&answer);
    assert!(
        xml.contains(&format!("entityID=\"http://id.test/saml/{id}\"")),
        "{xml}"
    );
    assert!(xml.contains(&format!("Location=\"http://id.test/api/saml/{id}/authn\"")));
    assert!(xml.contains(&format!("<ds:X509Certificate>{}<", bare(&keys[0]))));

    let new = manager
        .post(
            &format!("/saml-applications/{id}/secrets"),
            &json!({ "lifeSpanInYears": 1 }),
        )
        .await
        .with(201);
    assert!(!text(&metadata().await).contains(&bare(&new)));
    let secret = format!(
        "/saml-applications/{id}/secrets/{}",
        new["id"].as_str().unwrap()
    );
    manager
        .patch(&secret, &json!({ "active": true }))
        .await
        .with(200);
    let xml = text(&metadata().await);
    assert!(xml.contains(&bare(&new)) && !xml.contains(&bare(&keys[0])));
    manager
        .patch(&secret, &json!({ "active": false }))
        .await
        .with(200);
    metadata()
        .await
        .failed(400, "application.saml.no_active_secret");
    for unknown in ["none", "chat"] {
        let path = format!("/api/saml-applications/{unknown}/metadata");
        world
            .server()
            .get(&path, &[])
            .await
            .failed(404, "entity.not_exists_with_id");
    }
}

async fn a_person_signs_in_by_redirect(db: TestDb) {
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    let begun = visitor
        .get(&world.address(&world.request(), Some("deep/link?a=b&c")))
        .await;
    assert_eq!(begun.status, 302, "{}", begun.body);
    let cookie = begun.header("set-cookie");
    assert!(
        cookie.starts_with("_logto_sp_saml_sso_session_id="),
        "{cookie}"
    );
    assert!(
        cookie.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age=3600"),
        "{cookie}"
    );
    let authorization = begun.header("location").to_owned();
    assert!(
        authorization.starts_with("http://id.test/oidc/auth?"),
        "{authorization}"
    );
    assert!(
        authorization.contains("scope=openid+email+profile&"),
        "{authorization}"
    );
    assert!(authorization.contains("prompt=login"), "{authorization}");
    let callback = visitor.callback(begun).await;
    assert!(callback.starts_with(&format!(
        "http://id.test/api/saml-applications/{}/callback?code=",
        world.id
    )));
    let page = visitor.get(&callback).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let html = text(&page);
    assert!(
        html.contains(&format!("method=\"post\" action=\"{ACS}\"")),
        "{html}"
    );
    assert!(
        !html.contains("hreflang"),
        "its address does not work again, in no language"
    );
    assert_eq!(
        between(&html, "name=\"RelayState\" value=\"", "\""),
        "deep/link?a=b&#38;c"
    );
    let xml = response(&page);
    for part in [
        &*format!(" Destination=\"{ACS}\""),
        " InResponseTo=\"_b7\"",
        &*format!("<saml:Audience>{ENTITY_ID}</saml:Audience>"),
        &*format!("nameid-format:persistent\">{ANN}</saml:NameID>"),
        "<saml:AttributeValue>ann@example.com</saml:AttributeValue>",
        "<saml:AttributeValue>Ann Lee</saml:AttributeValue>",
        "ac:classes:PasswordProtectedTransport",
        &*format!(
            "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">http://id.test/saml/{}<",
            world.id
        ),
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert_eq!(
        xml.matches("<ds:SignatureValue>").count(),
        2,
        "assertion and answer"
    );
}

async fn a_person_signs_in_by_form(db: TestDb) {
    let settings = json!({
        "nameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "attributeMapping": { "username": "uid" },
    });
    let world = World::with(db, settings).await;
    let mut visitor = Visitor::new(&world);
    let path = format!("/api/saml/{}/authn", world.id);
    let encoded = STANDARD.encode(world.request());
    let form = [("SAMLRequest", &*encoded), ("RelayState", "deep/link")];
    let posted = visitor.send("POST", &path, &form).await;
    assert_eq!(posted.status, 302, "{}", posted.body);
    assert!(
        visitor.cookies.is_empty(),
        "a form from elsewhere comes without cookies, so none is set over another"
    );
    let callback = visitor.callback(posted).await;
    let page = visitor.get(&callback).await;
    let xml = response(&page);
    assert!(
        xml.contains("nameid-format:emailAddress\">ann@example.com</saml:NameID>"),
        "{xml}"
    );
    assert!(xml.contains("Name=\"uid\""), "{xml}");
    assert!(
        !xml.contains("Ann Lee"),
        "nothing that is not mapped: {xml}"
    );
    assert_eq!(
        between(&text(&page), "name=\"RelayState\" value=\"", "\""),
        "deep/link"
    );
}

async fn t41_a_request_that_is_not_the_service_providers_is_refused(db: TestDb) {
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    visitor.accept = "application/json";
    let good = world.request();
    let malformed = "application.saml.invalid_saml_request";
    let path = format!("/api/saml/{}/authn", world.id);
    for (part, by, code) in [
        (
            ENTITY_ID,
            "https://evil.test",
            "application.saml.auth_request_issuer_not_match",
        ),
        (ACS, "https://evil.test/acs", malformed),
        (
            "http://id.test/api/saml",
            "http://evil.test/api/saml",
            malformed,
        ),
        ("\"2.0\"", "\"1.1\"", malformed),
    ] {
        let xml = good.replace(part, by);
        visitor
            .get(&world.address(&xml, None))
            .await
            .failed(400, code);
        let encoded = STANDARD.encode(&xml);
        let posted = visitor
            .send("POST", &path, &[("SAMLRequest", &encoded)])
            .await;
        posted.failed(400, code);
    }
    world.server().advance(301);
    visitor
        .get(&world.address(&good, None))
        .await
        .failed(400, malformed);
    assert!(visitor.cookies.is_empty());
    // A person gets a page.
    visitor.accept = "text/html";
    let page = visitor.get(&world.address(&good, None)).await;
    assert_eq!(page.status, 400);
    assert!(
        text(&page).contains("This request cannot be answered"),
        "{}",
        page.body
    );
}

async fn t45_html_injection_in_the_auto_submit_form_stays_text(db: TestDb) {
    const HOSTILE: &str =
        "\"><script>alert(1)</script><form action='https://evil.test'>&quot;\r\n虎";
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    let begun = visitor
        .get(&world.address(&world.request(), Some(HOSTILE)))
        .await;
    let callback = visitor.callback(begun).await;
    let page = visitor.get(&callback).await;
    let html = text(&page);
    assert_eq!(html.matches("<form").count(), 1, "{html}");
    assert_eq!(html.matches("<script").count(), 1, "ours alone: {html}");
    assert!(
        html.contains("&#34;&#62;&#60;script&#62;alert(1)"),
        "{html}"
    );
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(
        policy.contains("form-action 'self' https://sp.test https:;"),
        "{policy}"
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-frame-options"), "DENY");
}

async fn t25_an_answer_is_for_the_browser_that_brought_the_request_and_once(db: TestDb) {
    let world = World::start(db).await;
    let unknown = "application.saml.sp_initiated_saml_sso_session_not_found";
    let mut visitor = Visitor::new(&world);
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let callback = visitor.callback(begun).await;

    let mut other = Visitor::new(&world);
    other.accept = "application/json";
    let no_cookie = "application.saml.sp_initiated_saml_sso_session_not_found_in_cookies";
    other.get(&callback).await.failed(400, no_cookie);
    other.get(&world.address(&world.request(), None)).await;
    other.get(&callback).await.failed(400, unknown);

    visitor.accept = "application/json";
    let (before, state) = callback.split_once("&state=").unwrap();
    visitor
        .get(before)
        .await
        .failed(400, "application.saml.state_mismatch");
    let rest = state.split_once('&').map_or("", |(_, rest)| rest);
    let forged = format!("{before}&state={}&{rest}", "a".repeat(43));
    visitor.get(&forged).await.failed(400, unknown);
    assert!(text(&visitor.get(&callback).await).contains("SAMLResponse"));
    visitor.get(&callback).await.failed(400, unknown);

    // A code does not serve another request, even at the same browser: its challenge is of the first.
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let first = visitor.callback(begun).await;
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let location = begun.header("location").to_owned();
    let state = between(&location, "&state=", "&");
    let code = between(&first, "code=", "&");
    let mixed = format!(
        "/api/saml-applications/{}/callback?code={code}&state={state}",
        world.id
    );
    visitor.get(&mixed).await.failed(400, "oidc.invalid_grant");

    // And none waits for more than an hour.
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let late = visitor.callback(begun).await;
    world.server().advance(3600);
    visitor.accept = "text/html";
    let page = visitor.get(&late).await;
    assert_eq!(page.status, 400);
    assert!(
        text(&page).contains("This sign-in is no longer open"),
        "{}",
        page.body
    );
}

async fn t17_who_may_not_use_the_application_gets_no_assertion(db: TestDb) {
    let world = World::start(db).await;
    let manager = &world.manager;
    let mut visitor = Visitor::new(&world);
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let admitted = visitor.callback(begun).await;
    let bob = manager
        .post("/users", &json!({ "username": "bob" }))
        .await
        .with(200);
    let rules = json!({ "userIds": [bob["id"]], "userRoleIds": [], "organizationIds": [], "organizationRoleRules": [] });
    manager
        .put(
            &format!("/applications/{}/access-control", world.id),
            &rules,
        )
        .await
        .with(200);
    let on = json!({ "appLevelAccessControlEnabled": true });
    manager
        .patch(&format!("/saml-applications/{}", world.id), &on)
        .await
        .with(200);
    // Between the code and the answer.
    let page = visitor.get(&admitted).await;
    assert_eq!(page.status, 403);
    assert!(
        text(&page).contains("This application is not open to you"),
        "{}",
        page.body
    );
    assert!(!text(&page).contains("SAMLResponse"));
    // And at the sign-in.
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let refused = visitor.callback(begun).await;
    assert!(refused.contains("error=access_denied"), "{refused}");
    visitor.accept = "application/json";
    visitor
        .get(&refused)
        .await
        .failed(400, "oidc.access_denied");

    let off = json!({ "appLevelAccessControlEnabled": false });
    manager
        .patch(&format!("/saml-applications/{}", world.id), &off)
        .await
        .with(200);
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let suspended = visitor.callback(begun).await;
    world.server().suspend(ANN).await;
    visitor
        .get(&suspended)
        .await
        .failed(400, "oidc.invalid_grant");
}

async fn a_passive_request_is_answered_without_a_page(db: TestDb) {
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    let passive = world.request_with(" IsPassive=\"true\"");
    let begun = visitor.get(&world.address(&passive, Some("r"))).await;
    let (_, page) = visitor.follow(begun).await;
    let xml = response(&page);
    assert!(
        xml.contains("status:NoPassive") && !xml.contains("<saml:Assertion"),
        "{xml}"
    );
    assert!(xml.contains("<ds:SignatureValue>"));
    assert_eq!(
        between(&text(&page), "name=\"RelayState\" value=\"", "\""),
        "r"
    );

    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let callback = visitor.callback(begun).await;
    visitor.get(&callback).await;
    let begun = visitor.get(&world.address(&passive, None)).await;
    let (_, page) = visitor.follow(begun).await;
    assert!(response(&page).contains(&format!(">{ANN}</saml:NameID>")));
    let both = world.request_with(" IsPassive=\"true\" ForceAuthn=\"true\"");
    let begun = visitor.get(&world.address(&both, None)).await;
    let (_, page) = visitor.follow(begun).await;
    assert!(response(&page).contains("status:NoPassive"));
    // Without being passive, a request always asks who is there.
    let begun = visitor.get(&world.address(&world.request(), None)).await;
    let (address, _) = visitor.follow(begun).await;
    assert!(address.starts_with("/sign-in"), "{address}");
}

async fn an_application_that_is_not_set_up_says_what_it_lacks(db: TestDb) {
    let world = World::start(db).await;
    let (manager, path) = (&world.manager, format!("/saml-applications/{}", world.id));
    let mut visitor = Visitor::new(&world);
    visitor.accept = "*/*";
    let address = world.address(&world.request(), None);
    for (change, code) in [
        (
            json!({ "acsUrl": null }),
            "application.saml.acs_url_required",
        ),
        (
            json!({ "entityId": null }),
            "application.saml.entity_id_required",
        ),
    ] {
        manager.patch(&path, &change).await.with(200);
        visitor.get(&address).await.failed(400, code);
    }
    for unknown in ["none", "chat"] {
        let gone = "entity.not_exists_with_id";
        let authn = format!("/api/saml/{unknown}/authn?SAMLRequest=x");
        visitor.get(&authn).await.failed(404, gone);
        let posted = visitor
            .send(
                "POST",
                &format!("/api/saml/{unknown}/authn"),
                &[("SAMLRequest", "x")],
            )
            .await;
        posted.failed(404, gone);
        let callback = format!("/api/saml-applications/{unknown}/callback?code=x");
        visitor.get(&callback).await.failed(404, gone);
    }
    visitor.accept = "text/html";
    let page = visitor.get("/api/saml/none/authn?SAMLRequest=x").await;
    assert_eq!(page.status, 404);
    assert!(
        text(&page).contains("This page does not exist"),
        "{}",
        page.body
    );
}

async fn what_happens_is_written_down(db: TestDb) {
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    visitor
        .get(&world.address(
            &world.request().replace(ENTITY_ID, "https://evil.test"),
            None,
        ))
        .await;
    let begun = visitor
        .get(&world.address(&world.request(), Some("hush")))
        .await;
    let callback = visitor.callback(begun).await;
    visitor.get(&callback).await;
    visitor.get(&callback).await;
    let logs = async |key: &str| {
        let path = format!("/logs?logKey={key}&applicationId={}", world.id);
        let logs = world.manager.get(&path).await.with(200);
        assert!(!logs.to_string().contains("hush"), "{logs}");
        let logs = logs.as_array().unwrap().clone();
        let told: Vec<_> = logs
            .iter()
            .map(|log| {
                json!([
                    log["payload"]["result"],
                    log["payload"]["error"]["code"],
                    log["payload"]["userId"]
                ])
            })
            .collect();
        told
    };
    let issuer = "application.saml.auth_request_issuer_not_match";
    let told = logs("SamlApplication.AuthnRequest").await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], json!(["Success", null, null]));
    assert!(
        told[1].to_string().contains(issuer) || told[1][0] == "Error",
        "{told:?}"
    );
    let told = logs("SamlApplication.Callback").await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1], json!(["Success", null, ANN]));
    assert_eq!(told[0][0], "Error");
}

async fn t53_strange_requests_are_refused(db: TestDb) {
    let world = World::start(db).await;
    let mut visitor = Visitor::new(&world);
    visitor.accept = "application/json";
    let path = format!("/api/saml/{}/authn", world.id);
    let invalid = "guard.invalid_input";
    let malformed = "application.saml.invalid_saml_request";
    let bomb = packed(&format!("<a>{}</a>", " ".repeat(10_000_000)));
    assert!(bomb.len() < 20_000);
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let long = "x".repeat(4097);
    let good = encoded(&packed(&world.request()));
    for (query, code) in [
        (String::new(), invalid),
        ("SAMLRequest=".to_owned(), invalid),
        ("SAMLRequest=*".to_owned(), malformed),
        (
            format!("SAMLRequest={good}&SAMLRequest={good}"),
            "oidc.invalid_request",
        ),
        (format!("SAMLRequest={good}&RelayState={long}"), invalid),
        (format!("SAMLRequest={}", encoded(&bomb)), malformed),
        (
            format!(
                "SAMLRequest={}",
                encoded(&packed("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"))
            ),
            malformed,
        ),
    ] {
        visitor
            .get(&format!("{path}?{query}"))
            .await
            .failed(400, code);
    }
    let posted = STANDARD.encode("a".repeat(100_000));
    visitor
        .send("POST", &path, &[("SAMLRequest", &posted)])
        .await
        .failed(400, malformed);
    let posted = "a".repeat(300_000);
    let answer = visitor
        .send("POST", &path, &[("SAMLRequest", &posted)])
        .await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let callback = format!("/api/saml-applications/{}/callback", world.id);
    for (query, code) in [
        ("", invalid),
        ("?state=x", invalid),
        ("?code=a&error=b&state=x", invalid),
        ("?code=a&code=b", "oidc.invalid_request"),
        (
            "?code=a&redirectUri=https://evil.test",
            "oidc.invalid_redirect_uri",
        ),
    ] {
        visitor
            .get(&format!("{callback}{query}"))
            .await
            .failed(400, code);
    }
}
