//! Sessions and interactions.

use store::{interaction::StoredInteraction, testing::TestDb};

use crate::fixture::{NOW, TENANT, ann, commit, grant, session};

store::on_both!(
    a_session_is_found_by_its_secret_until_it_ends,
    a_session_slides_at_most_once_a_minute,
    a_new_secret_makes_the_old_one_worthless,
    the_end_of_a_session_ends_grants_without_offline_access,
    an_interaction_belongs_to_its_browser,
    several_tabs_sign_in_at_once,
);

async fn a_session_is_found_by_its_secret_until_it_ends(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &session("s1"), NOW));
    let find = async |tenant: &str, secret: &str, now| {
        store::session::find(&*db, tenant, secret, now)
            .await
            .unwrap()
    };
    assert_eq!(find(TENANT, "secret", NOW).await, Some(session("s1")));
    assert_eq!(
        find(TENANT, "secret", NOW.plus(999)).await,
        Some(session("s1"))
    );
    assert_eq!(find(TENANT, "secret", NOW.plus(1000)).await, None);
    assert_eq!(find(TENANT, "s1", NOW).await, None, "the id is no secret");
    assert_eq!(find("admin", "secret", NOW).await, None);
    let by_id = store::session::find_by_id(&*db, TENANT, "s1", NOW).await;
    assert_eq!(by_id.unwrap(), Some(session("s1")));
    let list = store::session::list(&*db, TENANT, "ann", NOW)
        .await
        .unwrap();
    assert_eq!(list, [session("s1")]);
    assert!(commit!(db, tx => store::session::delete(&mut tx, TENANT, "s1")));
    assert!(!commit!(db, tx => store::session::delete(&mut tx, TENANT, "s1")));
    db.remove().await;
}

async fn a_session_slides_at_most_once_a_minute(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "secret", &session("s1"), NOW));
    let touch = async |now| {
        store::session::touch(&db, TENANT, &session("s1"), 1000, now)
            .await
            .unwrap()
    };
    let stored = async || {
        let found = store::session::find(&*db, TENANT, "secret", NOW).await;
        found.unwrap().unwrap()
    };
    assert_eq!(touch(NOW.plus(60)).await, NOW.plus(1000));
    assert_eq!(stored().await.expires_at, NOW.plus(1000));
    assert_eq!(touch(NOW.plus(61)).await, NOW.plus(1061));
    assert_eq!(stored().await.expires_at, NOW.plus(1061));
    // A request that was slow does not shorten the life.
    touch(NOW.plus(61)).await;
    assert_eq!(stored().await.expires_at, NOW.plus(1061));
    db.remove().await;
}

async fn a_new_secret_makes_the_old_one_worthless(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::session::insert(&mut tx, TENANT, "old", &session("s1"), NOW));
    let mut renewed = session("s1");
    renewed.authenticated_at = NOW.plus(7);
    renewed.amr.push("otp".to_owned());
    assert!(commit!(db, tx => store::session::rotate_secret(&mut tx, TENANT, &renewed, "new")));
    let old = store::session::find(&*db, TENANT, "old", NOW)
        .await
        .unwrap();
    assert_eq!(old, None);
    let new = store::session::find(&*db, TENANT, "new", NOW)
        .await
        .unwrap();
    assert_eq!(new, Some(renewed.clone()));
    // Another person's session is not taken over by id.
    renewed.user_id = "bob".to_owned();
    assert!(!commit!(db, tx => store::session::rotate_secret(&mut tx, TENANT, &renewed, "third")));
    db.remove().await;
}

async fn the_end_of_a_session_ends_grants_without_offline_access(db: TestDb) {
    ann(&db).await;
    let mut other = grant("g3", "openid");
    other.session_id = Some("s2".to_owned());
    other.client_id = "other".to_owned();
    for grant in [
        grant("g1", "openid"),
        grant("g2", "openid offline_access"),
        other,
    ] {
        commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant));
    }
    let told = store::grant::applications_of_session(&*db, TENANT, "s1").await;
    assert_eq!(told.unwrap(), ["app"]);
    let ended = commit!(db, tx => store::grant::delete_of_session(&mut tx, TENANT, "s1"));
    assert_eq!(ended, 1);
    let left = store::grant::list(&*db, TENANT, "ann", NOW).await.unwrap();
    let left: Vec<_> = left.into_iter().map(|grant| grant.id).collect();
    assert_eq!(left, ["g2", "g3"]);
    db.remove().await;
}

fn interaction(id: &str, browser: &str, age: i64) -> StoredInteraction {
    StoredInteraction {
        id_hash: id.to_owned(),
        browser_hash: browser.to_owned(),
        value: format!("{{\"id\":\"{id}\"}}"),
        created_at: NOW.plus(-age),
        expires_at: NOW.plus(3600 - age),
    }
}

async fn an_interaction_belongs_to_its_browser(db: TestDb) {
    ann(&db).await;
    let mine = interaction("i1", "b1", 0);
    commit!(db, tx => store::interaction::insert(&mut tx, TENANT, &mine));
    let find = async |id: &str, browser: &str, now| {
        store::interaction::find(&*db, TENANT, id, browser, now)
            .await
            .unwrap()
    };
    assert_eq!(find("i1", "b1", NOW).await, Some(mine));
    assert_eq!(find("i1", "b2", NOW).await, None);
    assert_eq!(find("i1", "b1", NOW.plus(3600)).await, None);
    assert!(commit!(db, tx => store::interaction::update(&mut tx, TENANT, "i1", "{}")));
    assert_eq!(find("i1", "b1", NOW).await.unwrap().value, "{}");
    assert!(!commit!(db, tx => store::interaction::update(&mut tx, TENANT, "i9", "{}")));
    db.remove().await;
}

async fn several_tabs_sign_in_at_once(db: TestDb) {
    ann(&db).await;
    for interaction in [
        interaction("older", "b1", 20),
        interaction("newer", "b1", 10),
        interaction("foreign", "b2", 0),
    ] {
        commit!(db, tx => store::interaction::insert(&mut tx, TENANT, &interaction));
    }
    let newest = async || {
        let found = store::interaction::newest_of_browser(&*db, TENANT, "b1", NOW).await;
        found.unwrap().map(|found| found.id_hash)
    };
    assert_eq!(newest().await.as_deref(), Some("newer"));
    assert!(commit!(db, tx => store::interaction::delete(&mut tx, TENANT, "newer")));
    assert_eq!(newest().await.as_deref(), Some("older"));
    db.remove().await;
}
