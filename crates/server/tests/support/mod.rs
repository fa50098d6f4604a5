//! A server in the test's own process: a fresh database, a clock that only moves when it is told to, people and applications, and
//! browsers with cookies.

mod answer;
pub(crate) mod browser;
pub(crate) mod cimd;
mod client;
#[path = "../../../connectors/tests/document_host/mod.rs"]
pub(crate) mod document_host;
mod furnish;
mod person;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use protocol::{
    jose::{KeyStatus, SigningKey},
    time::Time,
};
use server::{app::App, clock::Clock, config::Config};
use store::{
    Db, Vault, application::Application, seed::DEFAULT_TENANT, signing_key::StoredSigningKey,
};
use tower::ServiceExt;

pub(crate) use self::{
    answer::{Answer, Raw},
    browser::Browser,
    client::{basic, decoded, with_client},
};

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
/// The user `ann`.
pub(crate) const ANN: &str = "ann123456789";
/// The user `bob`, whom servers for browsers have.
pub(crate) const BOB: &str = "bob123456789";

/// When tests begin.
pub(crate) const START: i64 = 1_800_000_000;

/// A running server with the applications `chat` (traditional), `spa`, `native`, `worker` (machine to machine) and
/// `partner` (traditional, of a third party).
#[derive(Clone)]
pub(crate) struct TestServer {
    pub app: App,
    pub router: Router,
    clock: Arc<AtomicI64>,
}

impl TestServer {
    /// On a new SQLite file.
    pub(crate) async fn start() -> Self {
        Self::on(sqlite().await).await
    }

    /// The same with what browsers meet beside that.
    pub(crate) async fn for_browsers() -> Self {
        Self::for_browsers_with(&[]).await
    }

    /// The same with these variables set.
    pub(crate) async fn for_browsers_with(variables: &[(&str, &str)]) -> Self {
        let server = Self::with(sqlite().await, variables).await;
        server.furnish_for_browsers().await;
        server
    }

    /// On a database that has the schema and nothing in it.
    pub(crate) async fn on(db: Db) -> Self {
        Self::with(db, &[]).await
    }

    /// The same with these variables set; passwords are looked up nowhere unless one of them says so.
    pub(crate) async fn with(db: Db, variables: &[(&str, &str)]) -> Self {
        let vault = Vault::new([7; 32]).unwrap();
        furnish::seed(&db, &vault).await;
        let variable = |wanted: &str| {
            let usual = [("ENDPOINT", ENDPOINT), ("HUFU_BREACH_SERVICE", "off")];
            let mut known = variables.iter().chain(&usual);
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
}

/// A new SQLite file with the schema.
async fn sqlite() -> Db {
    let db = Db::connect("sqlite::memory:", &store::Options::default())
        .await
        .unwrap();
    store::alteration::deploy(&db, None, Time(START))
        .await
        .unwrap();
    db
}

/// The redirect URI of an application.
pub(crate) fn callback(client: &str) -> String {
    format!("http://{client}.test/callback")
}
