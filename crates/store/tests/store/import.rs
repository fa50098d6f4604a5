//! Many users at once.

use identity::user::{SocialIdentity, User};
use serde_json::Map;
use store::{
    Conflict,
    role::{Role, RoleType},
    testing::TestDb,
    user::{Imported, UsernameCase},
};

use crate::fixture::{NOW, TENANT, commit, insert, tenant, user};

store::on_both!(
    a_batch_takes_what_it_can_and_says_why_it_refuses_the_rest,
    imported_users_get_the_default_roles,
    thousands_of_users_come_in_batches,
);

async fn a_batch_takes_what_it_can_and_says_why_it_refuses_the_rest(db: TestDb) {
    tenant(&db).await;
    let mut known = user("known");
    known.primary_email = Some("known@example.com".to_owned());
    known.primary_phone = Some("123".to_owned());
    let identity = SocialIdentity {
        user_id: "42".to_owned(),
        details: Map::new(),
    };
    known
        .identities
        .insert("github".to_owned(), identity.clone());
    commit!(db, tx => insert(&mut tx, &known));

    let with = |id: &str, change: &dyn Fn(&mut User)| {
        let mut user = user(id);
        change(&mut user);
        user
    };
    let batch = [
        user("new"),
        with("known", &|user| user.username = None),
        with("a", &|user| user.username = Some("known".to_owned())),
        with("b", &|user| user.username = Some("KNOWN".to_owned())),
        with("c", &|user| {
            user.primary_email = Some("KNOWN@example.com".to_owned());
        }),
        with("d", &|user| user.primary_phone = Some("123".to_owned())),
        with("e", &|user| {
            user.identities
                .insert("github".to_owned(), identity.clone());
        }),
        with("twice", &|user| user.username = Some("new".to_owned())),
        user("last"),
    ];
    let outcomes =
        commit!(db, tx => store::user::import(&mut tx, TENANT, &batch, UsernameCase::Insensitive));
    assert_eq!(
        outcomes,
        [
            Imported::Taken,
            Imported::Refused(Conflict::Id),
            Imported::Refused(Conflict::Username),
            Imported::Refused(Conflict::Username),
            Imported::Refused(Conflict::Email),
            Imported::Refused(Conflict::Phone),
            Imported::Refused(Conflict::Identity),
            Imported::Refused(Conflict::Username),
            Imported::Taken,
        ]
    );
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 3);
    db.remove().await;
}

async fn imported_users_get_the_default_roles(db: TestDb) {
    tenant(&db).await;
    let role = Role {
        id: "r1".to_owned(),
        name: "user".to_owned(),
        description: String::new(),
        kind: RoleType::User,
        is_default: true,
    };
    commit!(db, tx => store::role::insert(&mut tx, TENANT, &role));
    let batch = [user("ann")];
    commit!(db, tx => store::user::import(&mut tx, TENANT, &batch, UsernameCase::Sensitive));
    commit!(db, tx => insert(&mut tx, &user("bob")));
    for id in ["ann", "bob"] {
        let names = store::role::names_of_user(&*db, TENANT, id).await.unwrap();
        assert_eq!(names, ["user"], "{id}");
    }
    db.remove().await;
}

async fn thousands_of_users_come_in_batches(db: TestDb) {
    tenant(&db).await;
    for batch in 0..6 {
        let users: Vec<User> = (0..500)
            .map(|number| {
                let mut user = user(&format!("user{batch}x{number}"));
                user.created_at = NOW.plus(batch);
                user
            })
            .collect();
        let outcomes = commit!(db, tx => store::user::import(&mut tx, TENANT, &users, UsernameCase::Sensitive));
        assert!(outcomes.iter().all(|outcome| *outcome == Imported::Taken));
    }
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 3000);
    db.remove().await;
}
