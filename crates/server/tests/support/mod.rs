//! A server in this process: its own SQLite file, a clock that only moves when it is told to, and five applications.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, header},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use identity::user::User;
use protocol::{
    client::ApplicationType,
    jose::{KeyStatus, SigningKey},
    record::{ClaimsRequest, Grant, IssuedCode, Session},
    scope::ScopeSet,
    secret::Secret,
    time::Time,
};
use serde_json::{Map, Value, json};
use server::{app::App, clock::Clock, config::Config, random};
use store::{
    Db, Vault,
    application::{
        Application, CustomClientMetadata, OidcClientMetadata, secret::ApplicationSecret,
    },
    cookie_key::CookieKey,
    resource::{Resource, Scope},
    role::{Role, RoleType},
    seed::{DEFAULT_TENANT, Seed, TenantSeed},
    signing_key::StoredSigningKey,
    user::UsernameCase,
};
use tower::ServiceExt;

/// Where the server believes to be.
pub(crate) const ENDPOINT: &str = "http://id.test";
/// Its issuer.
pub(crate) const ISSUER: &str = "http://id.test/oidc";
/// The secret of the confidential applications.
pub(crate) const SECRET: &str = "hush";
/// An API with the scopes `read` and `write`; ann and the application `worker` may `read`.
pub(crate) const API: &str = "https://api.test";
/// Another API, with no scopes.
pub(crate) const OTHER_API: &str = "https://other.test";
/// RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// Its challenge.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The user.
pub(crate) const ANN: &str = "ann123456789";

pub(crate) const START: i64 = 1_800_000_000;

/// A running server with the applications `chat` (traditional), `spa`, `native`, `worker` (machine to machine) and
/// `partner` (traditional, of a third party).
#[derive(Clone)]
pub(crate) struct TestServer {
    pub app: App,
    clock: Arc<AtomicI64>,
    router: Router,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// JSON, or a string when it is none.
    pub body: Value,
}

/// What the server answered, before it is read.
#[derive(Debug)]
pub(crate) struct Raw {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Raw {
    /// JSON, or a text.
    pub(crate) fn read(self) -> Answer {
        let text = String::from_utf8(self.body).unwrap();
        Answer {
            status: self.status,
            headers: self.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }
}

impl TestServer {
    /// On a new SQLite file.
    pub(crate) async fn start() -> Self {
        let db = Db::connect("sqlite::memory:", &store::Options::default())
            .await
            .unwrap();
        store::alteration::deploy(&db, None, Time(START))
            .await
            .unwrap();
        Self::on(db).await
    }

    /// On a database that has the schema and nothing in it.
    pub(crate) async fn on(db: Db) -> Self {
        Self::with(db, &[]).await
    }

    /// The same with these variables set.
    pub(crate) async fn with(db: Db, variables: &[(&str, &str)]) -> Self {
        let vault = Vault::new([7; 32]).unwrap();
        seed(&db, &vault).await;
        let variable = |wanted: &str| {
            let mut known = variables.iter().chain([&("ENDPOINT", ENDPOINT)]);
            known
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| (*value).to_owned())
        };
        let mut config = Config::load(variable).unwrap();
        config.scripts.program = env!("CARGO_BIN_EXE_hufu").into();
        config.scripts.limits.time = Duration::from_secs(5);
        let clock = Arc::new(AtomicI64::new(START));
        let app = App::start(config, db, vault, Clock::Manual(clock.clone()))
            .await
            .unwrap();
        let server = Self {
            router: server::router::router(app.clone()),
            app,
            clock,
        };
        server.furnish().await;
        server.app.reload().await.unwrap();
        server
    }

    pub(crate) fn now(&self) -> Time {
        self.app.now()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Sends a request, to another host when the headers name one.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let answer = self.send_bytes(method, path, headers, body.into()).await;
        answer.read()
    }

    /// The same with any body, and whatever comes back.
    pub(crate) async fn send_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Raw {
        let mut request = Request::builder().method(method).uri(path);
        if headers.iter().all(|(name, _)| *name != "host") {
            request = request.header(header::HOST, "id.test");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Raw {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, String::new()).await
    }

    /// Posts a form below the issuer.
    pub(crate) async fn post(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.send("POST", &format!("/oidc{path}"), &all, body).await
    }

    /// Posts a form to the token endpoint as `client`; the confidential ones send their secret in the form.
    pub(crate) async fn token(&self, client: &str, form: &[(&str, &str)]) -> Answer {
        self.post("/token", &with_client(client, form), &[]).await
    }

    /// Redeems a code with everything that belongs to it.
    pub(crate) async fn redeem(&self, client: &str, code: &str) -> Answer {
        let callback = callback(client);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &callback),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &form).await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(
            client,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        self.get("/oidc/me", &[("authorization", &format!("Bearer {token}"))])
            .await
    }

    pub(crate) async fn introspect(&self, client: &str, token: &str) -> Answer {
        self.post(
            "/token/introspection",
            &with_client(client, &[("token", token)]),
            &[],
        )
        .await
    }

    pub(crate) async fn revoke(&self, client: &str, token: &str) -> Answer {
        self.post(
            "/token/revocation",
            &with_client(client, &[("token", token)]),
            &[],
        )
        .await
    }

    /// Signs ann in anew and gives `client` a code with this scope.
    pub(crate) async fn code(&self, client: &str, scope: &str) -> String {
        self.code_with(client, scope, |_, _| {}).await
    }

    /// The same, changed before it is stored.
    pub(crate) async fn code_with(
        &self,
        client: &str,
        scope: &str,
        change: impl FnOnce(&mut Grant, &mut IssuedCode),
    ) -> String {
        let now = self.now();
        let session = Session {
            id: random::id(21),
            user_id: ANN.to_owned(),
            authenticated_at: now,
            amr: vec!["pwd".to_owned()],
            expires_at: now.plus(14 * 86_400),
        };
        let mut grant = Grant {
            id: random::id(21),
            user_id: ANN.to_owned(),
            client_id: client.to_owned(),
            session_id: Some(session.id.clone()),
            scope: ScopeSet::parse(scope),
            resources: vec![],
            auth_time: now,
            nonce: Some("n-0S6".to_owned()),
            claims: None,
            created_at: now,
            expires_at: now.plus(180 * 86_400),
        };
        let mut code = IssuedCode {
            grant_id: grant.id.clone(),
            client_id: client.to_owned(),
            redirect_uri: Some(callback(client)),
            code_challenge: Some(CHALLENGE.to_owned()),
            expires_at: now.plus(60),
        };
        change(&mut grant, &mut code);
        let text = random::secret();
        let mut tx = self.app.db().begin().await.unwrap();
        store::session::insert(
            &mut tx,
            DEFAULT_TENANT,
            &random::secret().hash(),
            &session,
            now,
        )
        .await
        .unwrap();
        store::grant::insert(&mut tx, DEFAULT_TENANT, &grant)
            .await
            .unwrap();
        store::code::insert(&mut tx, DEFAULT_TENANT, &text.hash(), &code)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        text.reveal().to_owned()
    }

    /// Tokens of a new code.
    pub(crate) async fn tokens(&self, client: &str, scope: &str) -> Value {
        let code = self.code(client, scope).await;
        self.redeem(client, &code).await.ok()
    }

    /// Tokens for an API, as `audience` in the authorization request gives them.
    pub(crate) async fn tokens_for(&self, client: &str, scope: &str, resource: &str) -> Value {
        let code = self
            .code_with(client, scope, |grant, _| {
                grant.resources = vec![resource.to_owned()];
            })
            .await;
        self.redeem(client, &code).await.ok()
    }

    /// Tokens when the `claims` parameter asked for these names at userinfo and in the ID token.
    pub(crate) async fn tokens_with_claims(
        &self,
        client: &str,
        scope: &str,
        userinfo: &[&str],
        id_token: &[&str],
    ) -> Value {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let claims = ClaimsRequest {
            userinfo: names(userinfo),
            id_token: names(id_token),
        };
        let code = self
            .code_with(client, scope, |grant, _| grant.claims = Some(claims))
            .await;
        self.redeem(client, &code).await.ok()
    }

    pub(crate) async fn suspend_ann(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::set_suspended(&mut tx, DEFAULT_TENANT, ANN, true, self.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn delete_ann(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::delete(&mut tx, DEFAULT_TENANT, ANN)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Ends every session of ann as a log-out does: grants without `offline_access` go with it.
    pub(crate) async fn log_ann_out(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        for session in store::session::list(&mut tx, DEFAULT_TENANT, ANN, self.now())
            .await
            .unwrap()
        {
            store::grant::delete_of_session(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
            store::session::delete(&mut tx, DEFAULT_TENANT, &session.id)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Takes the role away that lets ann `read`.
    pub(crate) async fn take_anns_role(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        let role = store::role::find_by_name(&mut tx, DEFAULT_TENANT, "reader")
            .await
            .unwrap()
            .unwrap();
        store::role::take_from_user(&mut tx, DEFAULT_TENANT, ANN, &role.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Changes an application.
    pub(crate) async fn change(&self, client: &str, change: impl FnOnce(&mut Application)) {
        let mut tx = self.app.db().begin().await.unwrap();
        let found = store::application::find(&mut tx, DEFAULT_TENANT, client)
            .await
            .unwrap();
        let mut application = found.unwrap();
        change(&mut application);
        store::application::update(&mut tx, DEFAULT_TENANT, &application)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
    }

    /// Adds a signing key and returns its `kid`.
    pub(crate) async fn add_key(&self, status: KeyStatus, pem: &str) -> String {
        let key = SigningKey::from_pem(pem).unwrap();
        let kid = key.kid().to_owned();
        let created_at = self.now();
        let stored = StoredSigningKey {
            key,
            status,
            created_at,
        };
        let mut tx = self.app.db().begin().await.unwrap();
        store::signing_key::insert(&mut tx, self.app.vault(), DEFAULT_TENANT, &stored)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
        kid
    }

    async fn furnish(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::insert(&mut tx, DEFAULT_TENANT, &ann(), UsernameCase::Sensitive)
            .await
            .unwrap();
        for application in [
            application("chat", ApplicationType::Traditional),
            application("spa", ApplicationType::Spa),
            application("native", ApplicationType::Native),
            application("worker", ApplicationType::MachineToMachine),
            Application {
                is_third_party: true,
                access_control_enabled: false,
                ..application("partner", ApplicationType::Traditional)
            },
        ] {
            store::application::insert(&mut tx, DEFAULT_TENANT, &application)
                .await
                .unwrap();
            if application.kind.is_public() {
                continue;
            }
            let value = Secret::new(SECRET);
            let secret = ApplicationSecret {
                name: "Default secret".to_owned(),
                hash: value.hash(),
                expires_at: None,
                created_at: Time(START),
            };
            let vault = self.app.vault();
            store::application::secret::insert(
                &mut tx,
                vault,
                DEFAULT_TENANT,
                &application.id,
                &secret,
                &value,
            )
            .await
            .unwrap();
        }
        let read = add_api(&mut tx, API, &["read", "write"]).await;
        add_api(&mut tx, OTHER_API, &[]).await;
        let for_ann = add_role(&mut tx, "reader", RoleType::User, &read).await;
        store::role::give_user(&mut tx, DEFAULT_TENANT, ANN, &for_ann)
            .await
            .unwrap();
        let for_worker =
            add_role(&mut tx, "reading worker", RoleType::MachineToMachine, &read).await;
        store::role::give_application(&mut tx, DEFAULT_TENANT, "worker", &for_worker)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

impl Answer {
    /// The body of a success.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The body of a refusal with this status and `error`, which is shaped as every refusal is.
    pub(crate) fn refused(self, status: u16, error: &str) -> Value {
        assert_eq!(
            (self.status, self.body["error"].as_str()),
            (status, Some(error)),
            "{}",
            self.body
        );
        assert_eq!(self.body["code"], format!("oidc.{error}"));
        assert_eq!(self.body["message"], self.body["error_description"]);
        let description = self.body["error_description"].as_str().unwrap();
        assert!(
            description
                .bytes()
                .all(|byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
            "{description}"
        );
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(
            self.headers.contains_key(header::WWW_AUTHENTICATE),
            self.challenges(),
            "{}",
            self.body
        );
        self.body
    }

    /// Whether a challenge belongs to it: 401 and 403 at a protected resource, 401 after an Authorization header.
    fn challenges(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// The redirect URI of an application.
pub(crate) fn callback(client: &str) -> String {
    format!("http://{client}.test/callback")
}

/// The form with `client_id`, and for confidential clients the secret.
pub(crate) fn with_client<'a>(
    client: &'a str,
    form: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all = form.to_vec();
    all.push(("client_id", client));
    if matches!(client, "chat" | "worker" | "partner") {
        all.push(("client_secret", SECRET));
    }
    all
}

/// The value of an HTTP Basic header.
pub(crate) fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")))
}

/// Header and claims of a compact JWS; the signature is not looked at.
pub(crate) fn decoded(token: &Value) -> (Value, Value) {
    let mut segments = token.as_str().unwrap().split('.').map(|segment| {
        let json = URL_SAFE_NO_PAD.decode(segment).unwrap();
        serde_json::from_slice::<Value>(&json).unwrap_or_default()
    });
    (segments.next().unwrap(), segments.next().unwrap())
}

fn ann() -> User {
    let profile = json!({"givenName": "Ann", "familyName": "Lee"});
    User {
        id: ANN.to_owned(),
        username: Some("ann".to_owned()),
        primary_email: Some("ann@example.com".to_owned()),
        primary_phone: None,
        password: None,
        name: Some("Ann Lee".to_owned()),
        avatar: None,
        profile: profile.as_object().unwrap().clone(),
        custom_data: Map::new(),
        application_id: None,
        cimd_client_id: None,
        is_suspended: false,
        last_sign_in_at: None,
        created_at: Time(START),
        updated_at: Time(START),
        identities: BTreeMap::new(),
    }
}

fn application(id: &str, kind: ApplicationType) -> Application {
    Application {
        id: id.to_owned(),
        name: id.to_owned(),
        description: None,
        kind,
        is_third_party: false,
        access_control_enabled: false,
        oidc_client_metadata: OidcClientMetadata {
            redirect_uris: vec![callback(id)],
            ..OidcClientMetadata::default()
        },
        custom_client_metadata: CustomClientMetadata::default(),
        custom_data: Map::new(),
        created_at: Time(START),
    }
}

/// Adds an API with scopes and returns the id of the first.
async fn add_api(tx: &mut store::Tx, indicator: &str, scopes: &[&str]) -> String {
    let resource = Resource {
        id: random::id(21),
        name: indicator.to_owned(),
        indicator: indicator.to_owned(),
        is_default: false,
        access_token_ttl: 1800,
        signing_algorithm: None,
    };
    store::resource::insert(tx, DEFAULT_TENANT, &resource)
        .await
        .unwrap();
    let mut first = String::new();
    for name in scopes {
        let scope = Scope {
            id: random::id(21),
            resource_id: resource.id.clone(),
            name: (*name).to_owned(),
            description: None,
            created_at: Time(START),
        };
        store::resource::insert_scope(tx, DEFAULT_TENANT, &scope)
            .await
            .unwrap();
        if first.is_empty() {
            first = scope.id;
        }
    }
    first
}

async fn add_role(tx: &mut store::Tx, name: &str, kind: RoleType, scope_id: &str) -> String {
    let role = Role {
        id: random::id(21),
        name: name.to_owned(),
        description: name.to_owned(),
        kind,
        is_default: false,
    };
    store::role::insert(tx, DEFAULT_TENANT, &role)
        .await
        .unwrap();
    store::role::add_scope(tx, DEFAULT_TENANT, &role.id, scope_id)
        .await
        .unwrap();
    role.id
}

async fn seed(db: &Db, vault: &Vault) {
    let key = |pem: &str| SigningKey::from_pem(pem).unwrap();
    let tenant = || TenantSeed {
        signing_keys: vec![
            (KeyStatus::Current, key(include_str!("../keys/rsa.pem"))),
            (KeyStatus::Current, key(include_str!("../keys/p384.pem"))),
        ],
        cookie_keys: vec![CookieKey {
            id: random::id(21),
            value: random::bytes::<32>().to_vec().into(),
            created_at: Time(START),
        }],
        sign_in_experience: json!({}),
    };
    let mut new_id = || random::id(21);
    let values = Seed {
        default: tenant(),
        admin: tenant(),
        m_default_secret: random::application_secret(),
        m_admin_secret: random::application_secret(),
        new_id: &mut new_id,
    };
    store::seed::seed(db, vault, values, true, Time(START))
        .await
        .unwrap();
}
