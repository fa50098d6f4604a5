//! Signing keys, cookie keys and connectors: what the vault guards.

use identity::connector::Connector;
use protocol::jose::{KeyStatus, SigningAlgorithm, SigningKey};
use serde_json::json;
use store::{
    Db, StoreError, Vault,
    cookie_key::CookieKey,
    signing_key::{Rotation, StoredSigningKey},
    testing::{TestDb, vault},
};
use zeroize::Zeroizing;

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    a_rotation_at_once_keeps_the_key_before,
    a_staged_rotation_waits_for_its_time,
    rotations_of_other_algorithms_do_not_meet,
    cookie_keys_come_newest_first,
    a_connector_reads_back_and_hides_its_configuration,
    a_database_refuses_another_vault_key,
    settings_read_back,
);

/// A new key on P-384.
pub(crate) fn elliptic() -> SigningKey {
    let pair = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P384_SHA384_FIXED_SIGNING,
    )
    .unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    SigningKey::from_der(der.as_ref()).unwrap()
}

fn small() -> SigningKey {
    let pair = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
    )
    .unwrap();
    let der = pair.to_pkcs8v1().unwrap();
    SigningKey::from_der(der.as_ref()).unwrap()
}

async fn insert(db: &Db, key: &SigningKey) {
    let stored = StoredSigningKey {
        key: key.clone(),
        status: KeyStatus::Current,
        created_at: NOW,
    };
    commit!(db, tx => store::signing_key::insert(&mut tx, &vault(), TENANT, &stored));
}

async fn rotate(db: &Db, key: &SigningKey, rotation: Rotation) -> bool {
    commit!(db, tx => store::signing_key::rotate(&mut tx, &vault(), TENANT, key, rotation, NOW.plus(1)))
}

async fn statuses(db: &Db) -> Vec<(String, KeyStatus)> {
    let keys = store::signing_key::list(db, &vault(), TENANT)
        .await
        .unwrap();
    let mut statuses: Vec<_> = keys
        .into_iter()
        .map(|stored| (stored.key.kid().to_owned(), stored.status))
        .collect();
    statuses.sort_by_key(|(_, status)| format!("{status:?}"));
    statuses
}

fn kid(key: &SigningKey) -> String {
    key.kid().to_owned()
}

async fn a_rotation_at_once_keeps_the_key_before(db: TestDb) {
    tenant(&db).await;
    let (first, second, third) = (elliptic(), elliptic(), elliptic());
    insert(&db, &first).await;
    assert!(rotate(&db, &second, Rotation::AtOnce).await);
    assert_eq!(
        statuses(&db).await,
        [
            (kid(&second), KeyStatus::Current),
            (kid(&first), KeyStatus::Previous)
        ]
    );
    assert!(rotate(&db, &third, Rotation::AtOnce).await);
    assert_eq!(
        statuses(&db).await,
        [
            (kid(&third), KeyStatus::Current),
            (kid(&second), KeyStatus::Previous)
        ]
    );
    let deleted = commit!(db, tx => store::signing_key::delete(&mut tx, TENANT, second.kid()));
    assert!(deleted);
    assert_eq!(statuses(&db).await, [(kid(&third), KeyStatus::Current)]);
    db.remove().await;
}

async fn a_staged_rotation_waits_for_its_time(db: TestDb) {
    tenant(&db).await;
    let (first, second, third) = (elliptic(), elliptic(), elliptic());
    insert(&db, &first).await;
    assert!(rotate(&db, &second, Rotation::Staged).await);
    // While a key is staged, another may take its place but not overtake it.
    assert!(!rotate(&db, &third, Rotation::AtOnce).await);
    assert!(rotate(&db, &third, Rotation::Staged).await);
    assert_eq!(
        statuses(&db).await,
        [
            (kid(&first), KeyStatus::Current),
            (kid(&third), KeyStatus::Next)
        ]
    );
    let algorithm = SigningAlgorithm::ES384;
    assert!(commit!(db, tx => store::signing_key::promote(&mut tx, TENANT, algorithm)));
    assert!(!commit!(db, tx => store::signing_key::promote(&mut tx, TENANT, algorithm)));
    assert_eq!(
        statuses(&db).await,
        [
            (kid(&third), KeyStatus::Current),
            (kid(&first), KeyStatus::Previous)
        ]
    );
    db.remove().await;
}

async fn rotations_of_other_algorithms_do_not_meet(db: TestDb) {
    tenant(&db).await;
    let (large, small) = (elliptic(), small());
    insert(&db, &large).await;
    assert!(rotate(&db, &small, Rotation::AtOnce).await);
    let statuses = statuses(&db).await;
    assert_eq!(statuses.len(), 2);
    assert!(
        statuses
            .iter()
            .all(|(_, status)| *status == KeyStatus::Current)
    );
    db.remove().await;
}

async fn cookie_keys_come_newest_first(db: TestDb) {
    tenant(&db).await;
    for (id, age) in [("old", 10), ("new", 0), ("oldest", 20)] {
        let key = CookieKey {
            id: id.to_owned(),
            value: Zeroizing::new(id.as_bytes().to_vec()),
            created_at: NOW.plus(-age),
        };
        commit!(db, tx => store::cookie_key::insert(&mut tx, &vault(), TENANT, &key));
    }
    let keys = store::cookie_key::list(&*db, &vault(), TENANT)
        .await
        .unwrap();
    let values: Vec<_> = keys.iter().map(|key| key.value.as_slice()).collect();
    assert_eq!(values, [&b"new"[..], b"old", b"oldest"]);
    assert!(!format!("{keys:?}").contains("110"), "no bytes in Debug");
    assert!(commit!(db, tx => store::cookie_key::delete(&mut tx, TENANT, "old")));
    db.remove().await;
}

async fn a_connector_reads_back_and_hides_its_configuration(db: TestDb) {
    tenant(&db).await;
    let mut connector = Connector {
        id: "abcdefghijkl".to_owned(),
        factory: "github-universal".to_owned(),
        target: "github".to_owned(),
        name: "GitHub".into(),
        logo: None,
        logo_dark: Some("https://example.com/dark.svg".to_owned()),
        config: json!({ "clientSecret": "swordfish" })
            .as_object()
            .unwrap()
            .clone(),
        sync_profile: true,
        stores_tokens: false,
    };
    commit!(db, tx => store::connector::insert(&mut tx, &vault(), TENANT, &connector, NOW));
    let id = connector.id.clone();
    let find = async |vault: Vault| store::connector::find(&*db, &vault, TENANT, &id).await;
    assert_eq!(find(vault()).await.unwrap().as_ref(), Some(&connector));
    let other = Vault::new([8; 32]).unwrap();
    assert!(matches!(find(other).await, Err(StoreError::Vault(_))));
    connector.name = "Hub".into();
    connector.stores_tokens = true;
    connector.config.insert("scope".to_owned(), json!("user"));
    assert!(commit!(db, tx => store::connector::update(&mut tx, &vault(), TENANT, &connector)));
    assert_eq!(find(vault()).await.unwrap().as_ref(), Some(&connector));
    assert!(commit!(db, tx => store::connector::delete(&mut tx, TENANT, &connector.id)));
    assert_eq!(find(vault()).await.unwrap(), None);
    db.remove().await;
}

async fn a_database_refuses_another_vault_key(db: TestDb) {
    vault().check(&db).await.unwrap();
    vault().check(&db).await.unwrap();
    let other = Vault::new([8; 32]).unwrap();
    let refused = other.check(&db).await.unwrap_err();
    assert!(
        refused.to_string().contains("SECRET_VAULT_KEK"),
        "{refused}"
    );
    db.remove().await;
}

async fn settings_read_back(db: TestDb) {
    tenant(&db).await;
    let value = json!({ "ttl": 60 });
    commit!(db, tx => store::config::set(&mut tx, TENANT, "oidc.session", &json!(null)));
    commit!(db, tx => store::config::set(&mut tx, TENANT, "oidc.session", &value));
    let find = async || {
        store::config::find(&*db, TENANT, "oidc.session")
            .await
            .unwrap()
    };
    assert_eq!(find().await, Some(value.clone()));
    assert!(commit!(db, tx => store::config::delete(&mut tx, TENANT, "oidc.session")));
    assert_eq!(find().await, None);
    commit!(db, tx => store::sign_in_experience::set(&mut tx, TENANT, &value));
    let experience = store::sign_in_experience::find(&*db, TENANT).await;
    assert_eq!(experience.unwrap(), Some(value));
    commit!(db, tx => store::system::set(&mut tx, "demoSocial", "{}"));
    let system = store::system::find(&*db, "demoSocial").await.unwrap();
    assert_eq!(system.as_deref(), Some("{}"));
    db.remove().await;
}
