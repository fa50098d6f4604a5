//! Tokens of other providers that are kept for people.

use identity::connector::{Connector, Names};
use serde_json::Map;
use store::{
    sso_connector::SsoConnector,
    testing::{TestDb, vault},
};

use crate::fixture::{NOW, TENANT, ann, commit};

store::on_both!(tokens_go_with_those_of_one_connector_only);

/// One token of each of four connectors.
const TOKENS: &str = "\
    INSERT INTO secrets (tenant_id, id, user_id, type, value, connector_id, target, identity_id, created_at, updated_at) \
    VALUES ('default', 'a', 'ann', 'FederatedTokenSet', CAST('x' AS BYTEA), 'a', 'a', 'i', 1, 1), \
    ('default', 'b', 'ann', 'FederatedTokenSet', CAST('x' AS BYTEA), 'b', 'b', 'i', 1, 1); \
    INSERT INTO secrets (tenant_id, id, user_id, type, value, sso_connector_id, issuer, identity_id, created_at, updated_at) \
    VALUES ('default', 'c', 'ann', 'FederatedTokenSet', CAST('x' AS BYTEA), 'c', 'c', 'i', 1, 1), \
    ('default', 'd', 'ann', 'FederatedTokenSet', CAST('x' AS BYTEA), 'd', 'd', 'i', 1, 1)";

fn social(id: &str) -> Connector {
    Connector {
        id: id.to_owned(),
        factory: "github-universal".to_owned(),
        target: id.to_owned(),
        name: Names::default(),
        logo: None,
        logo_dark: None,
        config: Map::new(),
        sync_profile: false,
        stores_tokens: true,
    }
}

fn sso(id: &str) -> SsoConnector {
    SsoConnector {
        id: id.to_owned(),
        provider_name: "OIDC".to_owned(),
        connector_name: id.to_owned(),
        config: Map::new(),
        domains: Vec::new(),
        branding: Map::new(),
        sync_profile: false,
        stores_tokens: true,
        created_at: NOW,
    }
}

async fn tokens_go_with_those_of_one_connector_only(db: TestDb) {
    ann(&db).await;
    for id in ["a", "b"] {
        commit!(db, tx => store::connector::insert(&mut tx, &vault(), TENANT, &social(id), NOW));
    }
    for id in ["c", "d"] {
        commit!(db, tx => store::sso_connector::insert(&mut tx, &vault(), TENANT, &sso(id)));
    }
    db.sql(TOKENS).await;
    commit!(db, tx => store::secret::delete_of_connector(&mut tx, TENANT, "a"));
    commit!(db, tx => store::secret::delete_of_sso_connector(&mut tx, TENANT, "c"));
    commit!(db, tx => store::secret::delete_of_connector(&mut tx, "admin", "b"));
    for (id, is_left) in [("a", false), ("b", true), ("c", false), ("d", true)] {
        let gone = commit!(db, tx => store::secret::delete(&mut tx, TENANT, id));
        assert_eq!(gone, is_left, "{id}");
    }
    db.remove().await;
}
