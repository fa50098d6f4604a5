//! What is stored for clients that are known by their metadata document.

use protocol::organization::Membership;
use serde_json::Map;
use store::{
    application::consentable::Consentable,
    membership,
    organization::Organization,
    organization_scope::OrganizationScope,
    relation::{
        self, CIMD_ORGANIZATION_RESOURCE_SCOPES, CIMD_ORGANIZATION_SCOPES, CIMD_RESOURCE_SCOPES,
        CIMD_USER_SCOPES, GRANT_ORGANIZATION, ORGANIZATION_USERS,
    },
    resource::{Resource, Scope},
    snapshot::{load, version},
    testing::{TestDb, vault},
};

use crate::fixture::{NOW, TENANT, ann, commit, grant, tenant};

store::on_both!(
    the_ceiling_is_in_the_snapshot_and_ends_with_its_scopes,
    a_grant_opens_one_organization_while_the_person_belongs_to_it,
);

const CLIENT: &str = "https://mcp.example.com/client.json";

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|id| (*id).to_owned()).collect()
}

async fn the_ceiling_is_in_the_snapshot_and_ends_with_its_scopes(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => store::tenant::insert(&mut tx, "other", NOW));
    let api = Resource {
        id: "api".to_owned(),
        name: "API".to_owned(),
        indicator: "https://api.test".to_owned(),
        is_default: false,
        access_token_ttl: 60,
        signing_algorithm: None,
    };
    let scope = |id: &str| Scope {
        id: id.to_owned(),
        resource_id: "api".to_owned(),
        name: format!("do:{id}"),
        description: None,
        created_at: NOW,
    };
    let of_organizations = OrganizationScope {
        id: "o1".to_owned(),
        name: "invite".to_owned(),
        description: None,
    };
    commit!(db, tx => store::resource::insert(&mut tx, TENANT, &api));
    for id in ["s1", "s2"] {
        commit!(db, tx => store::resource::insert_scope(&mut tx, TENANT, &scope(id)));
    }
    commit!(db, tx => store::organization_scope::insert(&mut tx, TENANT, &of_organizations));
    for (relation, id) in [
        (CIMD_USER_SCOPES, "email"),
        (CIMD_ORGANIZATION_SCOPES, "o1"),
        (CIMD_RESOURCE_SCOPES, "s1"),
        (CIMD_ORGANIZATION_RESOURCE_SCOPES, "s2"),
    ] {
        let before = version(&*db).await.unwrap();
        let added = commit!(db, tx => relation::add(&mut tx, relation, TENANT, &[], &ids(&[id])));
        assert_eq!(added, [id]);
        let again = commit!(db, tx => relation::add(&mut tx, relation, TENANT, &[], &ids(&[id])));
        assert!(again.is_empty());
        assert!(version(&*db).await.unwrap() > before);
    }
    let snapshot = load(&db, &vault()).await.unwrap();
    let ceiling = &snapshot.tenants[TENANT].cimd;
    assert_eq!(ceiling.user_scopes, ["email"]);
    assert_eq!(ceiling.organization_scopes, ["invite"]);
    assert_eq!(ceiling.resource_scopes["https://api.test"], ["do:s1"]);
    assert_eq!(
        ceiling.organization_resource_scopes["https://api.test"],
        ["do:s2"]
    );
    assert_eq!(snapshot.tenants["other"].cimd, Consentable::default());

    assert!(commit!(db, tx => store::resource::delete(&mut tx, TENANT, "api")));
    assert!(commit!(db, tx => relation::remove(&mut tx, CIMD_USER_SCOPES, TENANT, &[], "email")));
    assert!(!commit!(db, tx => relation::remove(&mut tx, CIMD_USER_SCOPES, TENANT, &[], "email")));
    let snapshot = load(&db, &vault()).await.unwrap();
    let ceiling = &snapshot.tenants[TENANT].cimd;
    assert!(ceiling.user_scopes.is_empty() && ceiling.resource_scopes.is_empty());
    assert_eq!(ceiling.organization_scopes, ["invite"]);
    db.remove().await;
}

async fn a_grant_opens_one_organization_while_the_person_belongs_to_it(db: TestDb) {
    ann(&db).await;
    for id in ["acme", "corp"] {
        let organization = Organization {
            id: id.to_owned(),
            name: id.to_owned(),
            description: None,
            custom_data: Map::new(),
            is_mfa_required: false,
            color: Map::new(),
            branding: Map::new(),
            custom_css: None,
            created_at: NOW,
        };
        commit!(db, tx => store::organization::insert(&mut tx, TENANT, &organization));
        commit!(db, tx => relation::add(&mut tx, ORGANIZATION_USERS, TENANT, &[id], &ids(&["ann"])));
    }
    for id in ["g1", "g2"] {
        let mut grant = grant(id, "openid urn:logto:scope:organizations");
        grant.client_id = CLIENT.to_owned();
        commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    }
    let parent = ["g1", "ann"];
    let added = commit!(db, tx => relation::add(&mut tx, GRANT_ORGANIZATION, TENANT, &parent, &ids(&["acme"])));
    assert_eq!(added, ["acme"]);
    let second = commit!(db, tx => relation::add(&mut tx, GRANT_ORGANIZATION, TENANT, &parent, &ids(&["corp"])));
    assert!(second.is_empty(), "one at most");

    let consented = async |organization: &str, grant: &str| {
        let found = membership::of_user(&*db, TENANT, organization, "ann", (CLIENT, grant)).await;
        found.unwrap().map(|found: Membership| found.has_consented)
    };
    assert_eq!(consented("acme", "g1").await, Some(true));
    assert_eq!(consented("corp", "g1").await, Some(false));
    assert_eq!(consented("acme", "g2").await, Some(false));

    let ann = ids(&["ann"]);
    assert!(
        commit!(db, tx => relation::remove(&mut tx, ORGANIZATION_USERS, TENANT, &["acme"], "ann"))
    );
    assert_eq!(consented("acme", "g1").await, None);
    commit!(db, tx => relation::add(&mut tx, ORGANIZATION_USERS, TENANT, &["acme"], &ann));
    assert_eq!(
        consented("acme", "g1").await,
        Some(false),
        "leaving took it back"
    );
    commit!(db, tx => relation::add(&mut tx, GRANT_ORGANIZATION, TENANT, &parent, &ids(&["corp"])));
    assert!(commit!(db, tx => store::grant::delete(&mut tx, TENANT, "g1")));
    let left = relation::children(&*db, GRANT_ORGANIZATION, TENANT, &parent).await;
    assert!(left.unwrap().is_empty());
    db.remove().await;
}
