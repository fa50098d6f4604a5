//! Who and what a server of the tests has from the beginning.

use identity::user::User;
use protocol::{
    client::ApplicationType,
    jose::{KeyStatus, SigningKey},
    secret::Secret,
    time::Time,
};
use serde_json::{Map, json};
use server::random;
use store::{
    Db, Vault,
    application::{
        Application, CustomClientMetadata, OidcClientMetadata, secret::ApplicationSecret,
    },
    cookie_key::CookieKey,
    relation::{self, CONSENT_USER_SCOPES},
    resource::{Resource, Scope},
    role::{Role, RoleType},
    seed::{DEFAULT_TENANT, Seed, TenantSeed},
    user::UsernameCase,
};

use super::{ANN, API, BOB, OTHER_API, SECRET, START, TestServer, callback};

impl TestServer {
    /// ann, the applications and the APIs.
    pub(super) async fn furnish(&self) {
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
    /// What browsers meet beside that: bob, addresses of `chat` to come back to after a log-out, and what `partner` may ask for.
    pub(super) async fn furnish_for_browsers(&self) {
        let mut tx = self.app.db().begin().await.unwrap();
        store::user::insert(&mut tx, DEFAULT_TENANT, &bob(), UsernameCase::Sensitive)
            .await
            .unwrap();
        let scopes = ["profile", "email", "urn:logto:scope:organizations"].map(str::to_owned);
        relation::add(
            &mut tx,
            CONSENT_USER_SCOPES,
            DEFAULT_TENANT,
            &["partner"],
            &scopes,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        self.change("chat", |chat| {
            let at = |path: &str| format!("http://chat.test/{path}");
            let metadata = &mut chat.oidc_client_metadata;
            metadata.post_logout_redirect_uris = vec![at("bye"), at("bye?a=b&c=d")];
            metadata.backchannel_logout_uri = Some(at("backchannel"));
        })
        .await;
    }
}

fn ann() -> User {
    let profile = json!({"givenName": "Ann", "familyName": "Lee"});
    User {
        name: Some("Ann Lee".to_owned()),
        profile: profile.as_object().unwrap().clone(),
        ..person(ANN, "ann")
    }
}

fn bob() -> User {
    person(BOB, "bob")
}

fn person(id: &str, username: &str) -> User {
    User {
        username: Some(username.to_owned()),
        primary_email: Some(format!("{username}@example.com")),
        ..User::new(id.to_owned(), Time(START))
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

/// What a new installation begins with.
pub(super) async fn seed(db: &Db, vault: &Vault) {
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
