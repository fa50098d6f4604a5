//! APIs, scopes and roles.

use protocol::jose::SigningAlgorithm;
use store::{
    Conflict, StoreError,
    resource::{Resource, Scope},
    role::{Role, RoleType},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, ann, commit, tenant};

store::on_both!(
    an_api_reads_back_and_one_is_the_default,
    indicators_scopes_and_role_names_are_unique,
    roles_allow_their_scopes_and_nothing_else,
);

fn api(id: &str) -> Resource {
    Resource {
        id: id.to_owned(),
        name: id.to_owned(),
        indicator: format!("https://{id}.example.com"),
        is_default: false,
        access_token_ttl: 600,
        signing_algorithm: Some(SigningAlgorithm::RS256),
    }
}

fn scope(api: &str, name: &str) -> Scope {
    Scope {
        id: format!("{api}-{name}"),
        resource_id: api.to_owned(),
        name: name.to_owned(),
        description: None,
        created_at: NOW,
    }
}

fn role(id: &str, kind: RoleType) -> Role {
    Role {
        id: id.to_owned(),
        name: format!("name of {id}"),
        description: String::new(),
        kind,
        is_default: false,
    }
}

async fn an_api_reads_back_and_one_is_the_default(db: TestDb) {
    tenant(&db).await;
    for id in ["a", "b"] {
        let api = Resource {
            is_default: true,
            ..api(id)
        };
        commit!(db, tx => store::resource::insert(&mut tx, TENANT, &api));
    }
    let list = store::resource::list(&*db, TENANT).await.unwrap();
    let b = Resource {
        is_default: true,
        ..api("b")
    };
    assert_eq!(list, [api("a"), b]);
    let changed = Resource {
        signing_algorithm: None,
        access_token_ttl: 60,
        ..api("a")
    };
    assert!(commit!(db, tx => store::resource::update(&mut tx, TENANT, &changed)));
    let found = store::resource::find_by_indicator(&*db, TENANT, "https://a.example.com").await;
    assert_eq!(found.unwrap(), Some(changed));
    commit!(db, tx => store::resource::insert_scope(&mut tx, TENANT, &scope("a", "read")));
    let scopes = store::resource::scopes(&*db, TENANT, "a").await.unwrap();
    assert_eq!(scopes, [scope("a", "read")]);
    assert!(commit!(db, tx => store::resource::delete(&mut tx, TENANT, "a")));
    assert_eq!(
        store::resource::scopes(&*db, TENANT, "a").await.unwrap(),
        []
    );
    db.remove().await;
}

async fn indicators_scopes_and_role_names_are_unique(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => store::resource::insert(&mut tx, TENANT, &api("a")));
    commit!(db, tx => store::resource::insert_scope(&mut tx, TENANT, &scope("a", "read")));
    commit!(db, tx => store::role::insert(&mut tx, TENANT, &role("r", RoleType::User)));
    let mut tx = db.begin().await.unwrap();
    let other = Resource {
        id: "b".to_owned(),
        ..api("a")
    };
    let refused = store::resource::insert(&mut tx, TENANT, &other).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::Indicator))
    ));
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    let other = Scope {
        id: "x".to_owned(),
        ..scope("a", "read")
    };
    let refused = store::resource::insert_scope(&mut tx, TENANT, &other).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::ScopeName))
    ));
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    let other = Role {
        id: "x".to_owned(),
        ..role("r", RoleType::User)
    };
    let refused = store::role::insert(&mut tx, TENANT, &other).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::RoleName))
    ));
    drop(tx);
    db.remove().await;
}

async fn roles_allow_their_scopes_and_nothing_else(db: TestDb) {
    ann(&db).await;
    crate::application::insert(&db, "app").await;
    for id in ["a", "b"] {
        commit!(db, tx => store::resource::insert(&mut tx, TENANT, &api(id)));
        for name in ["read", "write", "delete"] {
            commit!(db, tx => store::resource::insert_scope(&mut tx, TENANT, &scope(id, name)));
        }
    }
    for (id, scopes) in [
        ("reader", &["a-read", "b-read"][..]),
        ("writer", &["a-read", "a-write"]),
    ] {
        commit!(db, tx => store::role::insert(&mut tx, TENANT, &role(id, RoleType::User)));
        for scope in scopes {
            commit!(db, tx => store::role::add_scope(&mut tx, TENANT, id, scope));
        }
        commit!(db, tx => store::role::give_user(&mut tx, TENANT, "ann", id));
    }
    commit!(db, tx => store::role::give_application(&mut tx, TENANT, "app", "writer"));

    let of_user = async |indicator: &str| {
        store::role::scopes_of_user(&*db, TENANT, "ann", indicator)
            .await
            .unwrap()
    };
    assert_eq!(of_user("https://a.example.com").await, ["read", "write"]);
    assert_eq!(of_user("https://b.example.com").await, ["read"]);
    assert!(of_user("https://c.example.com").await.is_empty());
    let of_application = async |indicator: &str| {
        let scopes = store::role::scopes_of_application(&*db, TENANT, "app", indicator).await;
        scopes.unwrap()
    };
    assert_eq!(
        of_application("https://a.example.com").await,
        ["read", "write"]
    );
    assert!(of_application("https://b.example.com").await.is_empty());
    let names = store::role::names_of_user(&*db, TENANT, "ann")
        .await
        .unwrap();
    assert_eq!(names, ["name of reader", "name of writer"]);
    assert!(commit!(db, tx => store::role::take_from_user(&mut tx, TENANT, "ann", "writer")));
    assert_eq!(of_user("https://a.example.com").await, ["read"]);
    db.remove().await;
}
