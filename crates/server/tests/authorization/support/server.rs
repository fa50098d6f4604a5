//! The server under test, with the people `ann` and `bob` and the applications `chat`, `spa` and `partner`.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    http::{Request, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::{connector::Connector, user::User};
use protocol::{
    client::ApplicationType,
    jose::{KeyStatus, SigningAlgorithm, SigningKey, TokenType},
    secret::Secret,
    time::Time,
};
use serde_json::{Value, json};
use server::{
    app::App, backchannel, clock::Clock, config::Config, extract::browser::Browser as BrowserParts,
    interaction::CurrentInteraction, key, router::router, session,
};
use store::{
    Db, Options, Vault,
    application::{self, Application, secret::ApplicationSecret},
    cookie_key::CookieKey,
    seed::{Seed, TenantSeed},
    user::UsernameCase,
};
use url::form_urlencoded;

/// The default tenant's address.
pub(crate) const ORIGIN: &str = "http://localhost:3001";
/// Its `iss`.
pub(crate) const ISSUER: &str = "http://localhost:3001/oidc";
/// When tests begin: 2026-11-20.
const START: i64 = 1_795_132_800;

/// Making RSA keys takes a while: all servers of a test binary share one.
static RS256: LazyLock<SigningKey> =
    LazyLock::new(|| key::generate(SigningAlgorithm::RS256).unwrap());
static ES384: LazyLock<SigningKey> =
    LazyLock::new(|| key::generate(SigningAlgorithm::ES384).unwrap());

pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) router: Router,
    clock: Arc<AtomicI64>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with these variables set; passwords are looked up nowhere unless one of them says so.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let variable = |wanted: &str| {
            let quiet = ("HUFU_BREACH_SERVICE", "off");
            let mut known = variables.iter().chain([&quiet]);
            known
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| (*value).to_owned())
        };
        let mut config = Config::load(variable).unwrap();
        config.scripts.program = env!("CARGO_BIN_EXE_hufu").into();
        let db = Db::connect("sqlite::memory:", &Options::default())
            .await
            .unwrap();
        let vault = Vault::new([7; 32]).unwrap();
        store::alteration::deploy(&db, None, Time(START))
            .await
            .unwrap();
        seed(&db, &vault).await;
        let app = App::start(config, db, vault, Clock::Manual(clock.clone()))
            .await
            .unwrap();
        let server = Self {
            router: router(app.clone()),
            app,
            clock,
        };
        server.people().await;
        server.applications().await;
        server.app.reload().await.unwrap();
        server
    }

    async fn people(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        for id in ["ann", "bob"] {
            store::user::insert(&mut tx, "default", &person(id), UsernameCase::Sensitive)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn applications(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        for (id, kind, is_third_party) in [
            ("chat", ApplicationType::Traditional, false),
            ("spa", ApplicationType::Spa, false),
            ("partner", ApplicationType::Traditional, true),
        ] {
            application::insert(&mut tx, "default", &registered(id, kind, is_third_party))
                .await
                .unwrap();
            let value = Secret::new("hush");
            let secret = ApplicationSecret {
                name: "Default secret".to_owned(),
                hash: value.hash(),
                expires_at: None,
                created_at: Time(START),
            };
            application::secret::insert(&mut tx, self.app.vault(), "default", id, &secret, &value)
                .await
                .unwrap();
        }
        let scopes = ["profile", "email", "urn:logto:scope:organizations"].map(str::to_owned);
        let relation = store::relation::CONSENT_USER_SCOPES;
        store::relation::add(&mut tx, relation, "default", &["partner"], &scopes)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) fn now(&self) -> Time {
        self.app.now()
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Signs a person in for the interaction of `location` in the browser with these cookies: what the sign-in page does once the
    /// password was right. Gives the address to resume at and the cookie to set.
    pub(crate) async fn sign_in(
        &self,
        cookies: &BTreeMap<String, String>,
        location: &str,
        user_id: &str,
    ) -> (String, String) {
        let line: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .uri(location)
            .header(header::COOKIE, line.join("; "))
            .body(())
            .unwrap();
        let tenant = self.app.tenant("default").unwrap();
        let browser = BrowserParts::read(tenant, request.headers(), false);
        let id = form_urlencoded::parse(request.uri().query().unwrap().as_bytes())
            .find(|(name, _)| name == "i")
            .map(|(_, value)| value.into_owned());
        let now = self.now();
        let found = CurrentInteraction::find(&self.app, browser, id, now)
            .await
            .unwrap();
        let mut current = found.expect("the interaction of this browser");
        let mut tx = self.app.db().begin().await.unwrap();
        let amr = vec!["pwd".to_owned()];
        let cookie = session::sign_in(&self.app, &mut tx, &mut current, user_id, amr, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (current.resume(), cookie.to_str().unwrap().to_owned())
    }

    /// An ID token that expires in an hour.
    pub(crate) fn id_token(&self, user_id: &str, client_id: &str) -> String {
        let claims = json!({
            "iss": ISSUER, "sub": user_id, "aud": client_id,
            "iat": self.now(), "exp": self.now().plus(3600),
        });
        RS256.sign(TokenType::IdToken, &claims).unwrap()
    }

    pub(crate) async fn suspend(&self, user_id: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::set_suspended(&mut tx, "default", user_id, true, self.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn revoke_sessions_of(&self, user_id: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::session::delete_of_user(&mut tx, "default", user_id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Gives the application `chat` another redirection address.
    pub(crate) async fn move_chat(&self, redirect_uri: &str) {
        let mut tx = self.app.db().begin().await.unwrap();
        let found = application::find(&mut tx, "default", "chat").await.unwrap();
        let mut chat = found.unwrap();
        chat.oidc_client_metadata.redirect_uris = vec![redirect_uri.to_owned()];
        application::update(&mut tx, "default", &chat)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
    }

    /// Gives the tenant a connector for GitHub.
    pub(crate) async fn connect_github(&self) {
        let connector = Connector {
            id: "github000001".to_owned(),
            factory: "github-universal".to_owned(),
            target: "github".to_owned(),
            name: "GitHub".into(),
            logo: None,
            logo_dark: None,
            config: serde_json::Map::new(),
            sync_profile: false,
            stores_tokens: false,
        };
        let mut tx = self.app.db().begin().await.unwrap();
        let (vault, now) = (self.app.vault(), self.now());
        store::connector::insert(&mut tx, vault, "default", &connector, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.app.reload().await.unwrap();
    }

    pub(crate) async fn sessions_of(&self, user_id: &str) -> usize {
        store::session::list(self.app.db(), "default", user_id, self.now())
            .await
            .unwrap()
            .len()
    }

    pub(crate) async fn grants_of(&self, user_id: &str) -> usize {
        store::grant::list(self.app.db(), "default", user_id, self.now())
            .await
            .unwrap()
            .len()
    }

    /// The queued back-channel calls: address, header and claims of the token.
    pub(crate) async fn logout_tokens(&self) -> Vec<(String, Value, Value)> {
        let mut tx = self.app.db().begin().await.unwrap();
        let due = store::delivery::claim(&mut tx, 100, 60, self.now())
            .await
            .unwrap();
        let token = |delivery: &store::delivery::Delivery| {
            assert_eq!(delivery.kind, backchannel::KIND);
            let form = backchannel::form(&self.app, delivery, self.now())
                .unwrap()
                .unwrap();
            let token = form.strip_prefix("logout_token=").unwrap().to_owned();
            let part = |index: usize| {
                let text = token.split('.').nth(index).unwrap();
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
            };
            (delivery.url.clone(), part(0), part(1))
        };
        due.iter().map(token).collect()
    }
}

async fn seed(db: &Db, vault: &Vault) {
    let tenant = || TenantSeed {
        signing_keys: vec![
            (KeyStatus::Current, RS256.clone()),
            (KeyStatus::Current, ES384.clone()),
        ],
        cookie_keys: vec![CookieKey {
            id: "cookie-key".to_owned(),
            value: b"a cookie key for tests".to_vec().into(),
            created_at: Time(START),
        }],
        sign_in_experience: json!({}),
    };
    let mut number = 0;
    let mut new_id = || {
        number += 1;
        format!("seeded{number:015}")
    };
    let seed = Seed {
        default: tenant(),
        admin: tenant(),
        m_default_secret: Secret::new("d".repeat(32)),
        m_admin_secret: Secret::new("a".repeat(32)),
        new_id: &mut new_id,
    };
    store::seed::seed(db, vault, seed, false, Time(START))
        .await
        .unwrap();
}

fn person(id: &str) -> User {
    User {
        id: id.to_owned(),
        username: Some(id.to_owned()),
        primary_email: Some(format!("{id}@example.com")),
        primary_phone: None,
        password: None,
        name: None,
        avatar: None,
        profile: serde_json::Map::new(),
        custom_data: serde_json::Map::new(),
        application_id: None,
        cimd_client_id: None,
        is_suspended: false,
        last_sign_in_at: None,
        created_at: Time(START),
        updated_at: Time(START),
        identities: BTreeMap::new(),
    }
}

/// An application whose addresses are at `https://<id>.example.com`.
fn registered(id: &str, kind: ApplicationType, is_third_party: bool) -> Application {
    let at = |path: &str| format!("https://chat.example.com/{path}");
    Application {
        id: id.to_owned(),
        name: id.to_owned(),
        description: None,
        kind,
        is_third_party,
        access_control_enabled: false,
        oidc_client_metadata: application::OidcClientMetadata {
            redirect_uris: vec![at("cb")],
            post_logout_redirect_uris: vec![at("bye"), at("bye?a=b&c=d")],
            backchannel_logout_uri: Some(at("backchannel")),
            ..Default::default()
        },
        custom_client_metadata: application::CustomClientMetadata::default(),
        custom_data: serde_json::Map::new(),
        created_at: Time(START),
    }
}
