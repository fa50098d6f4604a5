//! Grants and what hangs on them.

use protocol::{
    record::{ClaimsRequest, Consent, Grant, IssuedAccessToken},
    scope::ScopeSet,
};
use store::{StoreError, testing::TestDb};

use crate::fixture::{NOW, TENANT, ann, code, commit, grant, refresh_token, session};

store::on_both!(
    grants_that_count_are_those_that_still_give_something,
    a_grant_reads_back_until_it_ends,
    tokens_read_back_with_their_grant,
    revoking_a_grant_ends_everything_that_came_of_it,
    one_access_token_can_be_revoked_alone,
    nothing_hangs_on_a_grant_that_does_not_exist,
    consent_is_remembered_and_replaced,
);

fn access_token() -> IssuedAccessToken {
    IssuedAccessToken {
        grant_id: "g1".to_owned(),
        client_id: "app".to_owned(),
        scope: ScopeSet::parse("openid email"),
        issued_at: NOW,
        expires_at: NOW.plus(3600),
        custom_claims: serde_json::Map::new(),
    }
}

async fn a_grant_reads_back_until_it_ends(db: TestDb) {
    ann(&db).await;
    let mut grant = grant("g1", "openid offline_access");
    grant.claims = Some(ClaimsRequest {
        userinfo: vec!["email".to_owned()],
        id_token: vec![],
    });
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    let found = store::grant::find(&*db, TENANT, "g1", NOW.plus(999)).await;
    assert_eq!(found.unwrap(), Some(grant));
    let ended = store::grant::find(&*db, TENANT, "g1", NOW.plus(1000)).await;
    assert_eq!(ended.unwrap(), None);
    db.remove().await;
}

async fn tokens_read_back_with_their_grant(db: TestDb) {
    ann(&db).await;
    let grant = grant("g1", "openid");
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    commit!(db, tx => store::access_token::insert(&mut tx, TENANT, "a", &access_token()));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "r", &refresh_token("g1")));
    let access = store::access_token::find(&*db, TENANT, "a").await.unwrap();
    assert_eq!(access, Some((access_token(), grant.clone())));
    let mut custom = access_token();
    custom
        .custom_claims
        .insert("plan".to_owned(), "gold".into());
    commit!(db, tx => store::access_token::insert(&mut tx, TENANT, "b", &custom));
    let access = store::access_token::find(&*db, TENANT, "b").await.unwrap();
    assert_eq!(access, Some((custom, grant.clone())));
    let refresh = store::refresh_token::find_with_grant(&*db, TENANT, "r").await;
    assert_eq!(refresh.unwrap(), Some((refresh_token("g1"), grant)));
    let alone = store::refresh_token::find(&*db, TENANT, "r").await.unwrap();
    assert_eq!(alone, Some(refresh_token("g1")));
    db.remove().await;
}

async fn revoking_a_grant_ends_everything_that_came_of_it(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    commit!(db, tx => store::code::insert(&mut tx, TENANT, "c", &code("g1")));
    commit!(db, tx => store::access_token::insert(&mut tx, TENANT, "a", &access_token()));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "r", &refresh_token("g1")));
    assert!(commit!(db, tx => store::grant::delete(&mut tx, TENANT, "g1")));
    let access = store::access_token::find(&*db, TENANT, "a").await.unwrap();
    assert_eq!(access, None);
    let refresh = store::refresh_token::find(&*db, TENANT, "r").await.unwrap();
    assert_eq!(refresh, None);
    assert!(!commit!(db, tx => store::grant::delete(&mut tx, TENANT, "g1")));
    db.remove().await;
}

async fn one_access_token_can_be_revoked_alone(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    commit!(db, tx => store::access_token::insert(&mut tx, TENANT, "a", &access_token()));
    assert!(commit!(db, tx => store::access_token::delete(&mut tx, TENANT, "a")));
    assert!(!commit!(db, tx => store::access_token::delete(&mut tx, TENANT, "a")));
    let grant = store::grant::find(&*db, TENANT, "g1", NOW).await.unwrap();
    assert!(grant.is_some());
    db.remove().await;
}

async fn nothing_hangs_on_a_grant_that_does_not_exist(db: TestDb) {
    ann(&db).await;
    let mut tx = db.begin().await.unwrap();
    let refused = store::code::insert(&mut tx, TENANT, "c", &code("gone")).await;
    assert!(matches!(refused, Err(StoreError::Dangling)), "{refused:?}");
    drop(tx);
    db.remove().await;
}

async fn consent_is_remembered_and_replaced(db: TestDb) {
    ann(&db).await;
    crate::application::insert(&db, "app").await;
    let find = async || {
        let found = store::consent::find(&*db, TENANT, "ann", "app").await;
        found.unwrap()
    };
    assert_eq!(find().await, None);
    let mut consent = Consent {
        scope: ScopeSet::parse("openid"),
        resources: vec![],
    };
    commit!(db, tx => store::consent::upsert(&mut tx, TENANT, "ann", "app", &consent, NOW));
    assert_eq!(find().await.as_ref(), Some(&consent));
    consent.scope.insert("email");
    consent.resources.push("https://api.example.com".to_owned());
    commit!(db, tx => store::consent::upsert(&mut tx, TENANT, "ann", "app", &consent, NOW));
    assert_eq!(find().await, Some(consent));
    assert!(commit!(db, tx => store::consent::delete(&mut tx, TENANT, "ann", "app")));
    assert_eq!(find().await, None);
    db.remove().await;
}

async fn grants_that_count_are_those_that_still_give_something(db: TestDb) {
    ann(&db).await;
    let mut ended = session("s2");
    ended.expires_at = NOW.plus(10);
    for (session, secret) in [(session("s1"), "a"), (ended, "b")] {
        commit!(db, tx => store::session::insert(&mut tx, TENANT, secret, &session, NOW));
    }
    let of = |id: &str, session: Option<&str>, scope: &str| Grant {
        session_id: session.map(str::to_owned),
        ..grant(id, scope)
    };
    let elsewhere = Grant {
        client_id: "other".to_owned(),
        ..grant("elsewhere", "openid")
    };
    let over = Grant {
        expires_at: NOW.plus(10),
        ..grant("over", "offline_access")
    };
    for grant in [
        of("bound", Some("s1"), "openid"),
        of("ended", Some("s2"), "openid"),
        of("free", Some("s2"), "offline_access"),
        of("gone", Some("s3"), "openid"),
        of("alone", None, "openid"),
        elsewhere,
        over,
    ] {
        commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    }
    let later = NOW.plus(10);
    let held =
        commit!(db, tx => store::grant::lock_of_application(&mut tx, TENANT, "ann", "app", later));
    let ids: Vec<_> = held.iter().map(|grant| &*grant.id).collect();
    assert_eq!(ids, ["alone", "bound", "free"]);
    db.remove().await;
}
