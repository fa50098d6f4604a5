//! Applications and their secrets.

use protocol::{
    client::{ApplicationType, ClientAuthMethod},
    jose::SigningAlgorithm,
    secret::Secret,
};
use serde_json::{Map, Value, json};
use store::{
    Conflict, Page, StoreError, Vault,
    application::{
        Application, CustomClientMetadata, FIELDS, OidcClientMetadata, Wanted, page, secret,
        secret::ApplicationSecret,
    },
    search::Search,
    testing::{TestDb, vault},
};

use crate::fixture::{NOW, TENANT, ann, commit, grant, tenant};

store::on_both!(
    an_application_reads_back_as_it_was_written,
    a_change_does_not_touch_the_kind,
    applications_are_found_by_part_of_their_name,
    deletion_ends_grants_and_secrets,
    a_secret_is_shown_again_only_with_the_vault_key,
    a_name_stands_for_one_secret,
);

pub(crate) fn application(id: &str) -> Application {
    Application {
        id: id.to_owned(),
        name: format!("Äpp {id}"),
        description: Some("a chat".to_owned()),
        kind: ApplicationType::Traditional,
        is_third_party: true,
        access_control_enabled: false,
        oidc_client_metadata: OidcClientMetadata {
            redirect_uris: vec!["https://chat.example.com/cb".to_owned()],
            post_logout_redirect_uris: vec!["https://chat.example.com".to_owned()],
            ..OidcClientMetadata::default()
        },
        custom_client_metadata: CustomClientMetadata {
            refresh_token_ttl_in_days: Some(7),
            id_token_signing_algorithm: Some(SigningAlgorithm::ES384),
            token_endpoint_auth_method: Some(ClientAuthMethod::ClientSecretBasic),
            ..CustomClientMetadata::default()
        },
        custom_data: Map::from_iter([("a".to_owned(), json!(1))]),
        created_at: NOW,
    }
}

pub(crate) async fn insert(db: &TestDb, id: &str) {
    commit!(db, tx => store::application::insert(&mut tx, TENANT, &application(id)));
}

fn record(name: &str, value: &Secret) -> ApplicationSecret {
    ApplicationSecret {
        name: name.to_owned(),
        hash: value.hash(),
        expires_at: Some(NOW.plus(100)),
        created_at: NOW,
    }
}

async fn an_application_reads_back_as_it_was_written(db: TestDb) {
    tenant(&db).await;
    let mut written = application("app");
    // What a later Logto may add survives.
    let unknown: Value = json!({ "enabled": true });
    written
        .custom_client_metadata
        .rest
        .insert("somethingNew".to_owned(), unknown);
    commit!(db, tx => store::application::insert(&mut tx, TENANT, &written));
    let read = store::application::find(&*db, TENANT, "app").await.unwrap();
    assert_eq!(read.as_ref(), Some(&written));

    let client = written.client();
    assert_eq!(client.refresh_token_ttl, 7 * 86_400);
    assert_eq!(client.id_token_algorithm, SigningAlgorithm::ES384);
    assert!(client.is_confidential() && client.rotate_refresh_token);
    let mut plain = written;
    plain.custom_client_metadata = CustomClientMetadata::default();
    assert_eq!(plain.client().id_token_algorithm, SigningAlgorithm::RS256);
    assert_eq!(plain.client().refresh_token_ttl, 14 * 86_400);
    db.remove().await;
}

async fn a_change_does_not_touch_the_kind(db: TestDb) {
    tenant(&db).await;
    insert(&db, "app").await;
    let mut changed = application("app");
    changed.name = "New".to_owned();
    changed.kind = ApplicationType::Spa;
    changed.is_third_party = false;
    assert!(commit!(db, tx => store::application::update(&mut tx, TENANT, &changed)));
    let read = store::application::find(&*db, TENANT, "app")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.name, "New");
    assert_eq!(read.kind, ApplicationType::Traditional);
    assert!(read.is_third_party);
    changed.id = "other".to_owned();
    assert!(!commit!(db, tx => store::application::update(&mut tx, TENANT, &changed)));
    db.remove().await;
}

async fn applications_are_found_by_part_of_their_name(db: TestDb) {
    tenant(&db).await;
    insert(&db, "one").await;
    insert(&db, "two").await;
    for (text, expected) in [("", 2), ("äPP", 2), ("TW", 1), ("%", 0)] {
        let wanted = Wanted {
            search: Search::containing(text, &FIELDS),
            ..Wanted::default()
        };
        let found = page(&db, TENANT, &wanted, Page::ALL).await.unwrap();
        assert_eq!(found.rows.len(), expected, "{text:?}");
        assert_eq!(found.total, i64::try_from(expected).unwrap());
    }
    assert_eq!(
        store::application::list(&*db, TENANT).await.unwrap().len(),
        2
    );
    assert_eq!(store::application::count(&*db, TENANT).await.unwrap(), 2);
    db.remove().await;
}

async fn deletion_ends_grants_and_secrets(db: TestDb) {
    ann(&db).await;
    insert(&db, "app").await;
    let value = Secret::new("swordfish");
    let record = record("Default secret", &value);
    commit!(db, tx => secret::insert(&mut tx, &vault(), TENANT, "app", &record, &value));
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "offline_access")));
    assert!(commit!(db, tx => store::application::delete(&mut tx, TENANT, "app")));
    assert!(!commit!(db, tx => store::application::delete(&mut tx, TENANT, "app")));
    let grant = store::grant::find(&*db, TENANT, "g1", NOW).await.unwrap();
    assert_eq!(grant, None);
    assert_eq!(secret::list(&*db, TENANT, "app").await.unwrap(), []);
    db.remove().await;
}

async fn a_secret_is_shown_again_only_with_the_vault_key(db: TestDb) {
    tenant(&db).await;
    insert(&db, "app").await;
    let value = Secret::new("swordfish");
    let record = record("Default secret", &value);
    commit!(db, tx => secret::insert(&mut tx, &vault(), TENANT, "app", &record, &value));
    let list = secret::list(&*db, TENANT, "app").await.unwrap();
    assert_eq!(list.as_slice(), std::slice::from_ref(&record));
    assert!(commit!(db, tx => secret::rename(&mut tx, TENANT, "app", "Default secret", "New")));
    let shown = secret::reveal(&*db, &vault(), TENANT, "app", "New").await;
    assert_eq!(shown.unwrap(), Some(value));
    let other = Vault::new([8; 32]).unwrap();
    let refused = secret::reveal(&*db, &other, TENANT, "app", "New").await;
    assert!(matches!(refused, Err(StoreError::Vault(_))));
    let missing = secret::reveal(&*db, &vault(), TENANT, "app", "Default secret").await;
    assert_eq!(missing.unwrap(), None);
    assert!(commit!(db, tx => secret::delete(&mut tx, TENANT, "app", "New")));
    db.remove().await;
}

async fn a_name_stands_for_one_secret(db: TestDb) {
    tenant(&db).await;
    insert(&db, "app").await;
    let value = Secret::new("swordfish");
    let record = record("n", &value);
    commit!(db, tx => secret::insert(&mut tx, &vault(), TENANT, "app", &record, &value));
    let mut tx = db.begin().await.unwrap();
    let refused = secret::insert(&mut tx, &vault(), TENANT, "app", &record, &value).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::SecretName))
    ));
    drop(tx);
    db.remove().await;
}
