//! What a new installation begins with.

use protocol::{jose::KeyStatus, secret::Secret};
use serde_json::json;
use store::{
    Db, StoreError,
    cookie_key::CookieKey,
    seed::{ADMIN_TENANT, DEFAULT_TENANT, MANAGEMENT_API, Seed, Seeded, TenantSeed, is_seeded},
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
    assert_eq!(
        store::user::count(&*db, ADMIN_TENANT, None).await.unwrap(),
        0
    );
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
