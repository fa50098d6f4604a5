//! Codes that were sent, and how often messages are.

use store::{
    rate_limit,
    testing::TestDb,
    verification_code::{Place, VerificationCode, set, take, try_once},
};

use crate::fixture::{NOW, TENANT, commit, tenant};

store::on_both!(
    a_code_has_one_place,
    a_new_code_begins_with_no_tries,
    t12_a_code_is_taken_once,
    counts_begin_again_with_a_new_window,
);

const PLACE: Place<'static> = Place {
    recipient: "ann@people.test",
    purpose: "SignIn",
    interaction: "i",
};

fn code(id: &str) -> VerificationCode {
    VerificationCode {
        id: id.to_owned(),
        hash: format!("hash of {id}"),
        tries: 0,
        expires_at: NOW.plus(600),
    }
}

/// T14: a code for one thing is nothing for another.
async fn a_code_has_one_place(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => set(&mut tx, TENANT, PLACE, &code("a"), NOW));
    for other in [
        Place {
            recipient: "bob@people.test",
            ..PLACE
        },
        Place {
            purpose: "Register",
            ..PLACE
        },
        Place {
            interaction: "",
            ..PLACE
        },
    ] {
        assert_eq!(
            commit!(db, tx => try_once(&mut tx, TENANT, other)),
            None,
            "{other:?}"
        );
    }
    assert_eq!(commit!(db, tx => try_once(&mut tx, "admin", PLACE)), None);
    let tried = commit!(db, tx => try_once(&mut tx, TENANT, PLACE)).unwrap();
    assert_eq!(
        tried,
        VerificationCode {
            tries: 1,
            ..code("a")
        }
    );
    db.remove().await;
}

async fn a_new_code_begins_with_no_tries(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => set(&mut tx, TENANT, PLACE, &code("a"), NOW));
    for tries in 1..=3 {
        let tried = commit!(db, tx => try_once(&mut tx, TENANT, PLACE)).unwrap();
        assert_eq!(tried.tries, tries);
    }
    commit!(db, tx => set(&mut tx, TENANT, PLACE, &code("b"), NOW));
    let tried = commit!(db, tx => try_once(&mut tx, TENANT, PLACE)).unwrap();
    assert_eq!((tried.id.as_str(), tried.tries), ("b", 1));
    assert!(!commit!(db, tx => take(&mut tx, TENANT, "a", NOW)));
    db.remove().await;
}

async fn t12_a_code_is_taken_once(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => set(&mut tx, TENANT, PLACE, &code("a"), NOW));
    assert!(commit!(db, tx => take(&mut tx, TENANT, "a", NOW)));
    assert!(!commit!(db, tx => take(&mut tx, TENANT, "a", NOW)));
    assert_eq!(commit!(db, tx => try_once(&mut tx, TENANT, PLACE)), None);
    // A used one is not in the way of the next, and both are swept.
    commit!(db, tx => set(&mut tx, TENANT, PLACE, &code("b"), NOW));
    let removed = store::sweep::run(&db, NOW.plus(600 + 3600)).await.unwrap();
    assert_eq!(removed, 2);
    db.remove().await;
}

async fn counts_begin_again_with_a_new_window(db: TestDb) {
    tenant(&db).await;
    for (after, bucket, expected) in [
        (0, "ann", 1),
        (99, "ann", 2),
        (99, "bob", 1),
        (100, "ann", 1),
        (150, "ann", 2),
    ] {
        let count =
            commit!(db, tx => rate_limit::count(&mut tx, TENANT, bucket, 100, NOW.plus(after)));
        assert_eq!(count, expected, "{after} {bucket}");
    }
    let removed = store::sweep::run(&db, NOW.plus(150 + 86_400))
        .await
        .unwrap();
    assert_eq!(removed, 2);
    db.remove().await;
}
