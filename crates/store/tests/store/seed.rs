//! What a new installation begins with.

use protocol::{jose::KeyStatus, secret::Secret};
use serde_json::json;
use store::{
    Db, Page, StoreError,
    cookie_key::CookieKey,
    search::Search,
    seed::{
        ADMIN_TENANT, DEFAULT_TENANT, MANAGEMENT_API, Seed, Seeded, Seedling, TenantSeed, is_seeded,
    },
    testing::{TestDb, vault},
    user::UsernameCase,
};
use zeroize::Zeroizing;

use crate::{
    fixture::{NOW, commit, user},
    key::elliptic,
};

store::on_both!(
    both_tenants_have_what_logto_seeds,
    a_second_seed_changes_nothing,
    nodes_that_start_at_once_seed_once,
    a_user_of_the_admin_tenant_gets_the_role_user,
    administrators_have_organizations_and_everybody_an_account_center,
    what_an_earlier_release_did_not_seed_is_added_once,
    what_came_with_the_server_is_known,
);

pub(crate) async fn seed(db: &Db, skip_when_exists: bool) -> Result<Seeded, StoreError> {
    let tenant = || TenantSeed {
        signing_keys: vec![
            (KeyStatus::Current, elliptic()),
            (KeyStatus::Previous, elliptic()),
        ],
        cookie_keys: vec![CookieKey {
            id: "c1".to_owned(),
            value: Zeroizing::new(vec![1; 32]),
            created_at: NOW,
        }],
        sign_in_experience: json!({ "signInMode": "SignInAndRegister" }),
    };
    let mut number = 0;
    let mut new_id = move || {
        number += 1;
        format!("id{number}")
    };
    let values = Seed {
        default: tenant(),
        admin: tenant(),
        m_default_secret: Secret::new("secret of m-default"),
        m_admin_secret: Secret::new("secret of m-admin"),
        new_id: &mut new_id,
    };
    store::seed::seed(db, &vault(), values, skip_when_exists, NOW).await
}

async fn both_tenants_have_what_logto_seeds(db: TestDb) {
    assert!(!is_seeded(&db).await.unwrap());
    assert_eq!(seed(&db, false).await.unwrap(), Seeded::New);
    assert!(is_seeded(&db).await.unwrap());
    assert_eq!(
        store::tenant::list(&*db).await.unwrap(),
        [ADMIN_TENANT, DEFAULT_TENANT]
    );
    let api = store::resource::find_by_indicator(&*db, DEFAULT_TENANT, MANAGEMENT_API).await;
    assert_eq!(api.unwrap().unwrap().id, "management-api");
    let names = async |tenant| {
        let roles = store::role::list(&*db, tenant).await.unwrap();
        roles.into_iter().map(|role| role.name).collect::<Vec<_>>()
    };
    assert_eq!(
        names(DEFAULT_TENANT).await,
        ["#internal:admin", "Logto Management API access"]
    );
    assert_eq!(
        names(ADMIN_TENANT).await,
        [
            "default:admin",
            "machine:mapi:admin",
            "machine:mapi:default",
            "tenantApplication",
            "user"
        ]
    );
    let scopes =
        store::role::scopes_of_application(&*db, ADMIN_TENANT, "m-default", MANAGEMENT_API).await;
    assert_eq!(scopes.unwrap(), ["all"]);
    let shown = store::application::secret::reveal(
        &*db,
        &vault(),
        ADMIN_TENANT,
        "m-default",
        "Default secret",
    )
    .await;
    assert_eq!(shown.unwrap(), Some(Secret::new("secret of m-default")));
    assert_eq!(store::user::count(&*db, ADMIN_TENANT).await.unwrap(), 0);
    db.remove().await;
}

async fn a_second_seed_changes_nothing(db: TestDb) {
    seed(&db, false).await.unwrap();
    let version = store::snapshot::version(&*db).await.unwrap();
    let keys = async || {
        let keys = store::signing_key::list(&*db, &vault(), DEFAULT_TENANT).await;
        let keys = keys.unwrap();
        let mut kids: Vec<_> = keys
            .iter()
            .map(|stored| stored.key.kid().to_owned())
            .collect();
        kids.sort();
        kids
    };
    let kid = keys().await;
    let refused = seed(&db, false).await;
    assert!(matches!(refused, Err(StoreError::AlreadySeeded)));
    assert_eq!(seed(&db, true).await.unwrap(), Seeded::Existing);
    assert_eq!(keys().await, kid);
    assert_eq!(store::snapshot::version(&*db).await.unwrap(), version);
    db.remove().await;
}

async fn nodes_that_start_at_once_seed_once(db: TestDb) {
    let (one, two, three) = tokio::join!(seed(&db, true), seed(&db, true), seed(&db, true));
    let mut seeded = [one.unwrap(), two.unwrap(), three.unwrap()];
    seeded.sort_by_key(|seeded| *seeded == Seeded::Existing);
    assert_eq!(seeded, [Seeded::New, Seeded::Existing, Seeded::Existing]);
    db.remove().await;
}

async fn a_user_of_the_admin_tenant_gets_the_role_user(db: TestDb) {
    seed(&db, false).await.unwrap();
    let ann = user("ann");
    commit!(db, tx => store::user::insert(&mut tx, ADMIN_TENANT, &ann, UsernameCase::Sensitive));
    let names = store::role::names_of_user(&*db, ADMIN_TENANT, "ann").await;
    assert_eq!(names.unwrap(), ["user"]);
    let me = "https://admin.logto.app/me";
    let scopes = store::role::scopes_of_user(&*db, ADMIN_TENANT, "ann", me).await;
    assert_eq!(scopes.unwrap(), ["all"]);
    db.remove().await;
}

async fn check_organizations(db: &TestDb) {
    let found = store::organization::find(&**db, ADMIN_TENANT, "t-default").await;
    assert_eq!(found.unwrap().unwrap().name, "Tenant default");
    let scopes = async |role: &str| {
        let relation = store::relation::ORGANIZATION_ROLE_SCOPES;
        let scopes = store::relation::children(&**db, relation, ADMIN_TENANT, &[role]).await;
        scopes.unwrap()
    };
    assert_eq!(scopes("admin").await.len(), 8);
    assert_eq!(
        scopes("collaborator").await,
        ["delete-data", "read-data", "read-member", "write-data"]
    );
    let enabled = async |tenant| {
        let center = store::account_center::find(&**db, tenant).await;
        center.unwrap().unwrap()["enabled"].clone()
    };
    assert_eq!(enabled(DEFAULT_TENANT).await, json!(false));
    assert_eq!(enabled(ADMIN_TENANT).await, json!(true));
    let connection = store::config::find(&**db, DEFAULT_TENANT, "cloudConnection").await;
    assert!(connection.unwrap().is_some());
}

async fn administrators_have_organizations_and_everybody_an_account_center(db: TestDb) {
    seed(&db, false).await.unwrap();
    check_organizations(&db).await;
    let ann = user("ann");
    commit!(db, tx => store::user::insert(&mut tx, ADMIN_TENANT, &ann, UsernameCase::Sensitive));
    let cloud = "https://cloud.logto.io/api";
    let scopes = store::role::scopes_of_user(&*db, ADMIN_TENANT, "ann", cloud).await;
    assert_eq!(scopes.unwrap(), ["create:tenant", "manage:tenant:self"]);
    db.remove().await;
}

async fn what_an_earlier_release_did_not_seed_is_added_once(db: TestDb) {
    seed(&db, false).await.unwrap();
    // What the first release had seeded: all but the organizations and the rows that came with them.
    for id in ["t-default", "t-admin"] {
        commit!(db, tx => store::organization::delete(&mut tx, ADMIN_TENANT, id));
    }
    for role in ["admin", "collaborator"] {
        commit!(db, tx => store::organization_role::delete(&mut tx, ADMIN_TENANT, role));
    }
    let all = Search::default();
    let scopes = store::organization_scope::page(&db, ADMIN_TENANT, &all, Page::ALL);
    for scope in scopes.await.unwrap().rows {
        commit!(db, tx => store::organization_scope::delete(&mut tx, ADMIN_TENANT, &scope.id));
    }
    let cloud = "https://cloud.logto.io/api";
    let api = store::resource::find_by_indicator(&*db, ADMIN_TENANT, cloud).await;
    let api = api.unwrap().unwrap();
    commit!(db, tx => store::resource::delete(&mut tx, ADMIN_TENANT, &api.id));
    commit!(db, tx => store::system::delete(&mut tx, "seeded_organizations_at"));

    let mut number = 0;
    let mut new_id = move || {
        number += 1;
        format!("added{number}")
    };
    for _ in 0..2 {
        store::seed::extend(&db, &vault(), &mut new_id, NOW)
            .await
            .unwrap();
        check_organizations(&db).await;
    }
    db.remove().await;
}

async fn what_came_with_the_server_is_known(db: TestDb) {
    seed(&db, false).await.unwrap();
    for (tenant, expected) in [(DEFAULT_TENANT, 3), (ADMIN_TENANT, 25)] {
        let mut seedlings = 0;
        let mut check = |seedling: Seedling<'_>| {
            assert!(seedling.is_seeded(tenant), "{tenant} {seedling:?}");
            seedlings += 1;
        };
        let applications = store::application::list(&*db, tenant).await;
        for it in applications.unwrap() {
            check(Seedling::Application {
                id: &it.id,
                name: &it.name,
            });
        }
        for it in store::resource::list(&*db, tenant).await.unwrap() {
            check(Seedling::Resource(&it.indicator));
        }
        for it in store::role::list(&*db, tenant).await.unwrap() {
            check(Seedling::Role(&it.name));
        }
        for it in store::organization::list(&*db, tenant).await.unwrap() {
            check(Seedling::Organization(&it.id));
        }
        for it in store::organization_role::list(&*db, tenant).await.unwrap() {
            check(Seedling::OrganizationRole(&it.name));
        }
        for it in store::organization_scope::list(&*db, tenant).await.unwrap() {
            check(Seedling::OrganizationScope(&it.name));
        }
        assert_eq!(seedlings, expected, "{tenant}");
    }
    // In another tenant the same names are an operator's own.
    for own in [
        Seedling::Application {
            id: "admin-console",
            name: "Cloud Service",
        },
        Seedling::Resource("https://cloud.logto.io/api"),
        Seedling::Resource("https://api.example.com"),
        Seedling::Role("user"),
        Seedling::Organization("t-default"),
        Seedling::OrganizationRole("admin"),
        Seedling::OrganizationScope("manage:tenant"),
    ] {
        assert!(!own.is_seeded(DEFAULT_TENANT), "{own:?}");
    }
    for own in [
        Seedling::Application {
            id: "own",
            name: "Own",
        },
        Seedling::Role("Logto Management API access"),
        Seedling::Organization("own"),
    ] {
        assert!(!own.is_seeded(ADMIN_TENANT), "{own:?}");
    }
    db.remove().await;
}
