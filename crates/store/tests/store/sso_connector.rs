//! Identity providers of enterprises and the keys that sign our requests to them.

use protocol::time::Time;
use serde_json::{Map, json};
use store::{
    sso_connector::{self, SsoConnector},
    sso_signing_key::{self, SsoSigningKey},
    testing::{TestDb, vault},
};

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    all_connectors_of_a_tenant_are_listed_oldest_first,
    the_private_part_of_a_key_is_sealed_and_comes_back
);

fn connector(id: &str, created_at: Time) -> SsoConnector {
    SsoConnector {
        id: id.to_owned(),
        provider_name: "SAML".to_owned(),
        connector_name: id.to_owned(),
        config: Map::from_iter([("clientSecret".to_owned(), json!("s3cret"))]),
        domains: vec!["example.com".to_owned()],
        branding: Map::new(),
        sync_profile: true,
        stores_tokens: false,
        created_at,
    }
}

async fn all_connectors_of_a_tenant_are_listed_oldest_first(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => store::tenant::insert(&mut tx, "other", NOW));
    let (old, new) = (connector("b", NOW), connector("a", NOW.plus(1)));
    for (tenant, connector) in [
        (TENANT, &new),
        (TENANT, &old),
        ("other", &connector("c", NOW)),
    ] {
        commit!(db, tx => sso_connector::insert(&mut tx, &vault(), tenant, connector));
    }
    let listed = sso_connector::list(&*db, &vault(), TENANT).await.unwrap();
    assert!(listed == [old, new], "{listed:?}");
    let none = sso_connector::list(&*db, &vault(), "nobody").await.unwrap();
    assert!(none.is_empty());
    db.remove().await;
}

async fn the_private_part_of_a_key_is_sealed_and_comes_back(db: TestDb) {
    tenant(&db).await;
    for id in ["a", "b"] {
        commit!(db, tx => sso_connector::insert(&mut tx, &vault(), TENANT, &connector(id, NOW)));
    }
    let key = SsoSigningKey {
        id: "key".to_owned(),
        certificate: "PEM".to_owned(),
        active: false,
        created_at: NOW,
        expires_at: NOW.plus(1),
    };
    let private = b"private".as_slice();
    commit!(db, tx => sso_signing_key::insert(&mut tx, &vault(), TENANT, "a", &key, private));
    for (tenant, connector, id, expected) in [
        (TENANT, "a", "key", Some(private)),
        (TENANT, "b", "key", None),
        (TENANT, "a", "other", None),
        ("other", "a", "key", None),
    ] {
        let found = sso_signing_key::reveal(&*db, &vault(), tenant, connector, id).await;
        let found = found.unwrap();
        assert_eq!(
            found.as_ref().map(|found| found.as_slice()),
            expected,
            "{tenant} {connector} {id}"
        );
    }
    db.remove().await;
}
