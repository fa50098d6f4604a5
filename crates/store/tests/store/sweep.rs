//! Removing what has expired.

use identity::one_time_token::{Context, OneTimeToken, Status};
use protocol::{record::IssuedAccessToken, scope::ScopeSet, secret::Secret};
use store::{
    interaction::StoredInteraction, pushed_request::PushedRequest, sweep, testing::TestDb,
};

use crate::fixture::{NOW, TENANT, ann, code, commit, grant, refresh_token, session};

store::on_both!(
    what_lives_stays_and_what_expired_goes,
    a_session_that_ended_takes_its_grants_along,
    more_than_one_batch_goes,
    old_tokens_and_proofs_are_remembered_for_a_while,
);

async fn what_lives_stays_and_what_expired_goes(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &session("s1"), NOW));
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "offline_access")));
    commit!(db, tx => store::code::insert(&mut tx, TENANT, "c", &code("g1")));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "r", &refresh_token("g1")));
    let access = IssuedAccessToken {
        grant_id: "g1".to_owned(),
        client_id: "app".to_owned(),
        scope: ScopeSet::default(),
        issued_at: NOW,
        expires_at: NOW.plus(500),
        custom_claims: serde_json::Map::new(),
    };
    commit!(db, tx => store::access_token::insert(&mut tx, TENANT, "a", &access));
    let interaction = StoredInteraction {
        id_hash: "i".to_owned(),
        browser_hash: "b".to_owned(),
        value: String::new(),
        created_at: NOW,
        expires_at: NOW.plus(500),
    };
    commit!(db, tx => store::interaction::insert(&mut tx, TENANT, &interaction));
    let pushed = PushedRequest {
        client_id: "app".to_owned(),
        parameters: String::new(),
        expires_at: NOW.plus(60),
    };
    commit!(db, tx => store::pushed_request::insert(&mut tx, TENANT, "p", &pushed));

    assert_eq!(sweep::run(&db, NOW.plus(59)).await.unwrap(), 0);
    // The code has expired as well, but a replay of it must still be noticed.
    assert_eq!(sweep::run(&db, NOW.plus(60)).await.unwrap(), 1);
    assert_eq!(sweep::run(&db, NOW.plus(500)).await.unwrap(), 2);
    // Session, refresh token, grant; the code goes with the grant.
    assert_eq!(sweep::run(&db, NOW.plus(1000)).await.unwrap(), 3);
    assert_eq!(sweep::run(&db, NOW.plus(9_999_999)).await.unwrap(), 0);
    assert!(
        store::user::find(&*db, TENANT, "ann")
            .await
            .unwrap()
            .is_some()
    );
    db.remove().await;
}

async fn a_session_that_ended_takes_its_grants_along(db: TestDb) {
    ann(&db).await;
    let mut short = session("s1");
    short.expires_at = NOW.plus(10);
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &short, NOW));
    for grant in [grant("bound", "openid"), grant("free", "offline_access")] {
        commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    }
    assert_eq!(sweep::run(&db, NOW.plus(10)).await.unwrap(), 2);
    let left = store::grant::list(&*db, TENANT, "ann", NOW).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, "free");
    db.remove().await;
}

async fn more_than_one_batch_goes(db: TestDb) {
    ann(&db).await;
    let mut tx = db.begin().await.unwrap();
    for number in 0..1234 {
        let pushed = PushedRequest {
            client_id: "app".to_owned(),
            parameters: String::new(),
            expires_at: NOW,
        };
        store::pushed_request::insert(&mut tx, TENANT, &number.to_string(), &pushed)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(sweep::run(&db, NOW).await.unwrap(), 1234);
    db.remove().await;
}

async fn old_tokens_and_proofs_are_remembered_for_a_while(db: TestDb) {
    const DAY: i64 = 86_400;
    ann(&db).await;
    let vault = store::Vault::new([7; 32]).unwrap();
    let token = OneTimeToken {
        id: "t1".to_owned(),
        email: "ann@example.com".to_owned(),
        token: Secret::new("hush"),
        context: Context::default(),
        status: Status::Active,
        created_at: NOW,
        expires_at: NOW.plus(600),
    };
    commit!(db, tx => store::one_time_token::insert(&mut tx, &vault, TENANT, &token));
    commit!(db, tx => store::verification_status::set(&mut tx, TENANT, "ann", "password", NOW));
    assert_eq!(sweep::run(&db, NOW.plus(DAY - 1)).await.unwrap(), 0);
    assert_eq!(sweep::run(&db, NOW.plus(DAY)).await.unwrap(), 1);
    let until = NOW.plus(600 + 30 * DAY);
    assert_eq!(sweep::run(&db, until.plus(-1)).await.unwrap(), 0);
    assert_eq!(sweep::run(&db, until).await.unwrap(), 1);
    db.remove().await;
}
