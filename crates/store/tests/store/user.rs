//! Accounts.

use identity::user::{SocialIdentity, StoredPassword, User};
use serde_json::{Value, json};
use store::{
    Conflict, Db, Page, StoreError,
    search::Search,
    testing::TestDb,
    user::{Change, Changes, FIELDS, UsernameCase, Wanted},
};

use crate::fixture::{NOW, TENANT, ann, commit, grant, insert, session, tenant, user};

store::on_both!(
    a_user_reads_back_as_it_was_written,
    the_planner_is_told_of_an_import,
    names_differ_in_case_only_where_case_matters,
    addresses_are_found_in_any_case,
    what_is_taken_is_named,
    changes_leave_the_rest_alone,
    a_rehash_does_not_overwrite_a_new_password,
    suspension_ends_sessions_and_grants,
    search_minds_neither_case_nor_wildcards,
    pages_follow_each_other_without_gaps,
    an_identity_belongs_to_one_user,
    deletion_takes_everything_along,
    the_first_application_is_remembered,
);

fn full() -> User {
    let mut ann = user("ann");
    ann.username = Some("Ann".to_owned());
    ann.primary_email = Some("Ann@Example.com".to_owned());
    ann.primary_phone = Some("4915112345678".to_owned());
    ann.password = Some(StoredPassword {
        digest: "digest".to_owned(),
        algorithm: "Argon2id".to_owned(),
    });
    ann.name = Some("Ann Ärmel".to_owned());
    ann.avatar = Some("https://example.com/ann.png".to_owned());
    ann.profile = object(json!({ "familyName": "Ärmel" }));
    ann.custom_data = object(json!({ "plan": { "size": 3 } }));
    ann.last_sign_in_at = Some(NOW.plus(-5));
    ann.identities.insert("github".to_owned(), github("42"));
    ann.identities.insert("google".to_owned(), github("g-1"));
    ann
}

fn github(id: &str) -> SocialIdentity {
    SocialIdentity {
        user_id: id.to_owned(),
        details: object(json!({ "email": "ann@example.com" })),
    }
}

fn object(value: Value) -> serde_json::Map<String, Value> {
    let Value::Object(map) = value else {
        panic!("{value}");
    };
    map
}

async fn a_user_reads_back_as_it_was_written(db: TestDb) {
    tenant(&db).await;
    let ann = full();
    commit!(db, tx => insert(&mut tx, &ann));
    commit!(db, tx => insert(&mut tx, &user("bob")));
    let found = [
        store::user::find(&*db, TENANT, "ann").await,
        store::user::find_by_email(&*db, TENANT, "Ann@Example.com").await,
        store::user::find_by_phone(&*db, TENANT, "4915112345678").await,
        store::user::find_by_identity(&*db, TENANT, "github", "42").await,
        store::user::find_by_username(&*db, TENANT, "Ann", UsernameCase::Sensitive).await,
    ];
    for found in found {
        assert_eq!(found.unwrap().as_ref(), Some(&ann));
    }
    let elsewhere = store::user::find(&*db, "admin", "ann").await.unwrap();
    assert_eq!(elsewhere, None);
    db.remove().await;
}

async fn names_differ_in_case_only_where_case_matters(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &user("ann")));
    commit!(db, tx => insert(&mut tx, &user("Ann")));
    let find = async |name: &str, case| {
        let found = store::user::find_by_username(&*db, TENANT, name, case).await;
        found.unwrap().map(|user| user.id)
    };
    assert_eq!(find("ANN", UsernameCase::Sensitive).await, None);
    assert_eq!(
        find("Ann", UsernameCase::Sensitive).await.as_deref(),
        Some("Ann")
    );
    // Accounts from a time when case mattered: the exact name goes first.
    assert_eq!(
        find("Ann", UsernameCase::Insensitive).await.as_deref(),
        Some("Ann")
    );
    assert_eq!(
        find("ann", UsernameCase::Insensitive).await.as_deref(),
        Some("ann")
    );
    assert!(find("ANN", UsernameCase::Insensitive).await.is_some());

    let mut other = user("other");
    other.username = Some("aNN".to_owned());
    let mut tx = db.begin().await.unwrap();
    let refused = store::user::insert(&mut tx, TENANT, &other, UsernameCase::Insensitive).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::Username))
    ));
    drop(tx);
    db.remove().await;
}

async fn addresses_are_found_in_any_case(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    for address in ["ann@example.com", "ANN@EXAMPLE.COM", "Ann@Example.com"] {
        let found = store::user::find_by_email(&*db, TENANT, address).await;
        assert!(found.unwrap().is_some(), "{address}");
    }
    db.remove().await;
}

async fn what_is_taken_is_named(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    let mut username = user("1");
    username.username = Some("Ann".to_owned());
    let mut email = user("2");
    email.primary_email = Some("ann@EXAMPLE.com".to_owned());
    let mut phone = user("3");
    phone.primary_phone = Some("4915112345678".to_owned());
    let mut identity = user("4");
    identity
        .identities
        .insert("github".to_owned(), github("42"));
    let mut id = user("ann");
    id.username = None;
    for (user, expected) in [
        (username, Conflict::Username),
        (email, Conflict::Email),
        (phone, Conflict::Phone),
        (identity, Conflict::Identity),
        (id, Conflict::Id),
    ] {
        let mut tx = db.begin().await.unwrap();
        let refused = insert(&mut tx, &user).await.unwrap_err();
        let StoreError::Conflict(conflict) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(conflict, expected);
    }
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 1);
    db.remove().await;
}

async fn changes_leave_the_rest_alone(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    let later = NOW.plus(9);
    let changes = Changes {
        primary_email: Change::To(Some("New@Example.com".to_owned())),
        name: Change::To(None),
        custom_data: Change::To(object(json!({ "a": 1 }))),
        ..Changes::default()
    };
    let case = UsernameCase::Insensitive;
    let is_found =
        commit!(db, tx => store::user::update(&mut tx, TENANT, "ann", &changes, case, later));
    assert!(is_found);
    let mut expected = full();
    expected.primary_email = Some("New@Example.com".to_owned());
    expected.name = None;
    expected.custom_data = object(json!({ "a": 1 }));
    expected.updated_at = later;
    let found = store::user::find_by_email(&*db, TENANT, "new@example.com").await;
    assert_eq!(found.unwrap(), Some(expected));
    let old = store::user::find_by_email(&*db, TENANT, "ann@example.com").await;
    assert_eq!(old.unwrap(), None);
    let missing =
        commit!(db, tx => store::user::update(&mut tx, TENANT, "nobody", &changes, case, later));
    assert!(!missing);
    // A user may take the same name in another case.
    let rename = Changes {
        username: Change::To(Some("ANN".to_owned())),
        ..Changes::default()
    };
    assert!(commit!(db, tx => store::user::update(&mut tx, TENANT, "ann", &rename, case, later)));
    db.remove().await;
}

async fn a_rehash_does_not_overwrite_a_new_password(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    let password = |digest: &str| StoredPassword {
        digest: digest.to_owned(),
        algorithm: "Argon2id".to_owned(),
    };
    let (old, better, new) = (password("digest"), password("better"), password("new"));
    assert!(
        commit!(db, tx => store::user::set_password(&mut tx, TENANT, "ann", Some(&new), NOW.plus(1)))
    );
    let rehashed =
        commit!(db, tx => store::user::rehash_password(&mut tx, TENANT, "ann", &old, &better));
    assert!(!rehashed);
    let ann = store::user::find(&*db, TENANT, "ann").await.unwrap();
    assert_eq!(ann.unwrap().password, Some(new.clone()));
    assert!(commit!(db, tx => store::user::rehash_password(&mut tx, TENANT, "ann", &new, &better)));
    db.remove().await;
}

async fn suspension_ends_sessions_and_grants(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &session("s1"), NOW));
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "offline_access")));
    assert!(commit!(db, tx => store::user::set_suspended(&mut tx, TENANT, "ann", true, NOW)));
    let ann = store::user::find(&*db, TENANT, "ann")
        .await
        .unwrap()
        .unwrap();
    assert!(ann.is_suspended);
    let session = store::session::find(&*db, TENANT, "secret", NOW).await;
    assert_eq!(session.unwrap(), None);
    let grant = store::grant::find(&*db, TENANT, "g1", NOW).await;
    assert_eq!(grant.unwrap(), None);
    assert!(commit!(db, tx => store::user::set_suspended(&mut tx, TENANT, "ann", false, NOW)));
    assert!(!commit!(db, tx => store::user::set_suspended(&mut tx, TENANT, "no", true, NOW)));
    db.remove().await;
}

async fn search_minds_neither_case_nor_wildcards(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    let mut bob = user("bob");
    bob.name = Some("100%_!".to_owned());
    commit!(db, tx => insert(&mut tx, &bob));
    for (text, expected) in [
        ("ANN", 1),
        ("ärm", 1),
        ("ÄRM", 1),
        ("15112", 1),
        ("@example", 1),
        ("b", 1),
        ("bob", 1),
        ("%", 1),
        ("0%_!", 1),
        ("_nn", 0),
        ("nobody", 0),
    ] {
        let wanted = Wanted {
            search: Search::containing(text, &FIELDS),
            ..Wanted::default()
        };
        let page = Page {
            limit: 10,
            offset: 0,
        };
        let found = store::user::page(&db, TENANT, &wanted, page).await.unwrap();
        assert_eq!(found.rows.len(), expected, "{text}");
        assert_eq!(usize::try_from(found.total).unwrap(), expected, "{text}");
    }
    db.remove().await;
}

async fn the_planner_is_told_of_an_import(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &user("bob")));
    store::user::settle(&db).await.unwrap();
    if let Db::Postgres(pool) = &*db {
        let sql = "SELECT reltuples FROM pg_class WHERE relname = 'users' AND relkind = 'r'";
        let known: f32 = sqlx::query_scalar(sql).fetch_one(pool).await.unwrap();
        assert!((known - 1.0).abs() < 0.1, "{known}");
    }
    db.remove().await;
}

async fn pages_follow_each_other_without_gaps(db: TestDb) {
    tenant(&db).await;
    for number in 0..7_i64 {
        let mut user = user(&format!("user{number}"));
        user.created_at = NOW.plus(number / 2);
        for target in ["github", "google"] {
            let identity = github(&number.to_string());
            user.identities.insert(target.to_owned(), identity);
        }
        commit!(db, tx => insert(&mut tx, &user));
    }
    let mut ids = Vec::new();
    for offset in [0, 3, 6, 9] {
        let page = Page { limit: 3, offset };
        let found = store::user::page(&db, TENANT, &Wanted::default(), page).await;
        let found = found.unwrap();
        assert_eq!(found.total, 7);
        assert!(found.rows.iter().all(|user| user.identities.len() == 2));
        ids.extend(found.rows.into_iter().map(|user| user.id));
    }
    assert_eq!(
        ids,
        [
            "user6", "user5", "user4", "user3", "user2", "user1", "user0"
        ]
    );
    db.remove().await;
}

async fn an_identity_belongs_to_one_user(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    commit!(db, tx => insert(&mut tx, &user("bob")));
    let mut tx = db.begin().await.unwrap();
    let refused = store::user::link(&mut tx, TENANT, "bob", "github", &github("42"), NOW).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::Identity))
    ));
    drop(tx);
    // Another account of the same provider takes the place of the first.
    commit!(db, tx => store::user::link(&mut tx, TENANT, "ann", "github", &github("43"), NOW));
    let ann = store::user::find(&*db, TENANT, "ann")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ann.identities["github"].user_id, "43");
    commit!(db, tx => store::user::link(&mut tx, TENANT, "bob", "github", &github("42"), NOW));
    assert!(commit!(db, tx => store::user::unlink(&mut tx, TENANT, "bob", "github")));
    assert!(!commit!(db, tx => store::user::unlink(&mut tx, TENANT, "bob", "github")));
    db.remove().await;
}

async fn deletion_takes_everything_along(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => insert(&mut tx, &full()));
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &session("s1"), NOW));
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "offline_access")));
    assert!(commit!(db, tx => store::user::delete(&mut tx, TENANT, "ann")));
    assert!(!commit!(db, tx => store::user::delete(&mut tx, TENANT, "ann")));
    let identity = store::user::find_by_identity(&*db, TENANT, "github", "42").await;
    assert_eq!(identity.unwrap(), None);
    let session = store::session::find(&*db, TENANT, "secret", NOW).await;
    assert_eq!(session.unwrap(), None);
    // The id may come back, as an import does, and brings nothing old with it.
    commit!(db, tx => insert(&mut tx, &user("ann")));
    let grant = store::grant::find(&*db, TENANT, "g1", NOW).await;
    assert_eq!(grant.unwrap(), None);
    db.remove().await;
}

async fn the_first_application_is_remembered(db: TestDb) {
    use store::user::SignedInTo::{Application, Document};
    const ID: &str = "https://mcp.example.com/client.json";
    ann(&db).await;
    commit!(db, tx => insert(&mut tx, &user("bob")));
    for (name, to) in [
        ("ann", Application("chat")),
        ("ann", Application("other")),
        ("ann", Document(ID)),
        ("bob", Document(ID)),
        ("bob", Application("chat")),
        ("bob", Document("https://other.example.com/")),
    ] {
        commit!(db, tx => store::user::signed_in(&mut tx, TENANT, name, to, NOW.plus(5)));
    }
    for (name, application, document) in [("ann", Some("chat"), None), ("bob", None, Some(ID))] {
        let found = store::user::find(&*db, TENANT, name).await.unwrap();
        let found = found.unwrap();
        assert_eq!(found.application_id.as_deref(), application);
        assert_eq!(found.cimd_client_id.as_deref(), document);
        assert_eq!(found.last_sign_in_at, Some(NOW.plus(5)));
    }
    db.remove().await;
}
