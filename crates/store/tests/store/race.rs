//! Things that work once: of fifty requests at the same moment one wins.

use std::{future::Future, sync::Arc, time::Duration};

use protocol::{grant::limit, record::Grant, time::Time};
use store::{
    Db, Tx,
    code::Taken,
    device_code,
    interaction::StoredInteraction,
    one_time_link,
    pushed_request::PushedRequest,
    refresh_token::Rotation,
    subject_token::{self, SubjectToken},
    testing::TestDb,
};

use crate::fixture::{NOW, TENANT, ann, code, commit, grant, insert, refresh_token, tenant, user};

store::on_both!(
    whoever_waits_for_each_other_is_told_so,
    what_is_begun_alone_is_not_lost,
    t12_parallel_redemption_gives_one_success,
    t12_a_losing_redemption_learns_which_grant_to_revoke,
    t14_codes_and_references_do_not_interchange,
    t16_parallel_refreshes_rotate_once,
    t54_fifty_first_administrators_become_one,
    t54_two_links_do_not_make_two_administrators,
    t12_parallel_uses_of_a_subject_token_give_it_once,
    t12_parallel_decisions_about_a_device_leave_one,
    parallel_sign_ins_keep_to_the_limit_of_an_application,
    parallel_uses_of_a_pushed_request_give_it_once,
    parallel_ends_of_an_interaction_end_it_once,
    parallel_failures_are_all_counted,
    parallel_claims_hand_a_delivery_out_once,
);

const RACERS: usize = 50;

/// What each of fifty tasks came to, all let go at the same moment.
pub(crate) async fn race<T, W>(db: &TestDb, work: impl Fn(Db, usize) -> W) -> Vec<T>
where
    T: Send + 'static,
    W: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(tokio::sync::Barrier::new(RACERS));
    let tasks: Vec<_> = (0..RACERS)
        .map(|number| {
            let start = Arc::clone(&start);
            let work = work((**db).clone(), number);
            tokio::spawn(async move {
                start.wait().await;
                work.await
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

async fn t12_parallel_redemption_gives_one_success(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    commit!(db, tx => store::code::insert(&mut tx, TENANT, "h", &code("g1")));
    let taken = race(&db, |db, _| async move {
        commit!(db, tx => store::code::take(&mut tx, TENANT, "h", NOW))
    })
    .await;
    let fresh = Taken::Fresh(code("g1"));
    let replayed = Taken::Replayed {
        grant_id: "g1".to_owned(),
    };
    assert_eq!(taken.iter().filter(|taken| **taken == fresh).count(), 1);
    assert_eq!(
        taken.iter().filter(|taken| **taken == replayed).count(),
        RACERS - 1
    );
    db.remove().await;
}

async fn t12_a_losing_redemption_learns_which_grant_to_revoke(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    commit!(db, tx => store::code::insert(&mut tx, TENANT, "h", &code("g1")));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "r", &refresh_token("g1")));
    commit!(db, tx => store::code::take(&mut tx, TENANT, "h", NOW));

    let again = commit!(db, tx => store::code::take(&mut tx, TENANT, "h", NOW.plus(5)));
    let Taken::Replayed { grant_id } = again else {
        panic!("{again:?}");
    };
    assert!(commit!(db, tx => store::grant::delete(&mut tx, TENANT, &grant_id)));

    let gone = store::refresh_token::find(&*db, TENANT, "r").await.unwrap();
    assert_eq!(gone, None);
    let third = commit!(db, tx => store::code::take(&mut tx, TENANT, "h", NOW));
    assert_eq!(third, Taken::Unknown);
    db.remove().await;
}

async fn t14_codes_and_references_do_not_interchange(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    commit!(db, tx => store::code::insert(&mut tx, TENANT, "code", &code("g1")));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "refresh", &refresh_token("g1")));
    commit!(db, tx => store::pushed_request::insert(&mut tx, TENANT, "par", &pushed()));
    commit!(db, tx => one_time_link::insert(&mut tx, TENANT, "link", "other", NOW.plus(60)));
    for hash in ["refresh", "par", "link"] {
        let taken = commit!(db, tx => store::code::take(&mut tx, TENANT, hash, NOW));
        assert_eq!(taken, Taken::Unknown, "{hash} as a code");
    }
    for hash in ["code", "par", "link"] {
        let rotated = commit!(db, tx => store::refresh_token::rotate(&mut tx, TENANT, hash, NOW));
        assert_eq!(rotated, Rotation::Unknown, "{hash} as a refresh token");
        let access = store::access_token::find(&*db, TENANT, hash).await.unwrap();
        assert_eq!(access, None, "{hash} as an access token");
    }
    for hash in ["code", "refresh", "link"] {
        let taken = commit!(db, tx => store::pushed_request::take(&mut tx, TENANT, hash, NOW));
        assert_eq!(taken, None, "{hash} as a pushed request");
    }
    for hash in ["code", "refresh", "par", "link"] {
        let purpose = one_time_link::FIRST_ADMINISTRATOR;
        let taken = commit!(db, tx => one_time_link::take(&mut tx, TENANT, hash, purpose, NOW));
        assert!(!taken, "{hash} as the first administrator's link");
    }
    // What belongs to one tenant is unknown to the other.
    let taken = commit!(db, tx => store::code::take(&mut tx, "admin", "code", NOW));
    assert_eq!(taken, Taken::Unknown);
    db.remove().await;
}

async fn t16_parallel_refreshes_rotate_once(db: TestDb) {
    ann(&db).await;
    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "offline_access")));
    commit!(db, tx => store::refresh_token::insert(&mut tx, TENANT, "old", &refresh_token("g1")));
    let rotations = race(&db, |db, number| async move {
        let mut tx = db.begin().await.unwrap();
        // Each at a time of its own, to see whose stands.
        let now = NOW.plus(i64::try_from(number).unwrap());
        let rotation = store::refresh_token::rotate(&mut tx, TENANT, "old", now)
            .await
            .unwrap();
        if rotation == Rotation::Rotated {
            store::refresh_token::insert(&mut tx, TENANT, "new", &refresh_token("g1"))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        (rotation, now)
    })
    .await;
    let winners: Vec<Time> = rotations
        .iter()
        .filter(|(rotation, _)| *rotation == Rotation::Rotated)
        .map(|(_, now)| *now)
        .collect();
    assert_eq!(winners.len(), 1);
    let loser = Rotation::AlreadyRotated {
        rotated_at: winners[0],
    };
    assert_eq!(
        rotations
            .iter()
            .filter(|(rotation, _)| *rotation == loser)
            .count(),
        RACERS - 1
    );
    let old = store::refresh_token::find(&*db, TENANT, "old")
        .await
        .unwrap();
    assert_eq!(old.unwrap().rotated_at, Some(winners[0]));
    assert!(
        store::refresh_token::find(&*db, TENANT, "new")
            .await
            .unwrap()
            .is_some()
    );
    db.remove().await;
}

async fn t12_parallel_uses_of_a_subject_token_give_it_once(db: TestDb) {
    ann(&db).await;
    let token = SubjectToken {
        user_id: "ann".to_owned(),
        creator_id: "app".to_owned(),
        context: serde_json::Map::new(),
        created_at: NOW,
        expires_at: NOW.plus(600),
    };
    commit!(db, tx => subject_token::insert(&mut tx, TENANT, "h", &token));
    let late = commit!(db, tx => subject_token::take(&mut tx, TENANT, "h", NOW.plus(600)));
    assert_eq!(late, None);
    let elsewhere = commit!(db, tx => subject_token::take(&mut tx, "other", "h", NOW));
    assert_eq!(elsewhere, None);
    let given = race(&db, |db, _| async move {
        commit!(db, tx => subject_token::take(&mut tx, TENANT, "h", NOW))
    })
    .await;
    assert_eq!(given.into_iter().flatten().collect::<Vec<_>>(), [token]);
    db.remove().await;
}

async fn t12_parallel_decisions_about_a_device_leave_one(db: TestDb) {
    ann(&db).await;
    let request = serde_json::from_value(serde_json::json!({
        "client_id": "app", "names_redirect_uri": false, "scope": "openid", "resources": [],
        "return_to": { "redirect_uri": "", "response_mode": "query" }, "prompt": {}, "subject": "anyone", "hints": {},
    }));
    let request = request.unwrap();
    let end = NOW.plus(600);
    commit!(db, tx => device_code::insert(&mut tx, TENANT, "h", "u", &request, end));
    let waiting = device_code::waiting(&*db, TENANT, "u", NOW).await.unwrap();
    assert_eq!(waiting.unwrap().request, request);
    for (user_code, now) in [("u", end), ("h", NOW)] {
        let waiting = device_code::waiting(&*db, TENANT, user_code, now).await;
        assert_eq!(waiting.unwrap(), None);
    }
    let late = commit!(db, tx => device_code::decide(&mut tx, TENANT, "h", None, end));
    assert!(!late);

    commit!(db, tx => store::grant::insert(&mut tx, TENANT, &grant("g1", "openid")));
    let decided = race(&db, |db, _| async move {
        commit!(db, tx => device_code::decide(&mut tx, TENANT, "h", Some("g1"), NOW))
    })
    .await;
    assert_eq!(decided.iter().filter(|decided| **decided).count(), 1);
    let denied = commit!(db, tx => device_code::decide(&mut tx, TENANT, "h", None, NOW));
    assert!(!denied, "a decision stays");
    let taken = race(&db, |db, _| async move {
        commit!(db, tx => device_code::take(&mut tx, TENANT, "h", NOW))
    })
    .await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
    let found = device_code::find(&*db, TENANT, "h").await.unwrap().unwrap();
    assert!(found.is_used);
    commit!(db, tx => store::grant::delete(&mut tx, TENANT, "g1"));
    let found = device_code::find(&*db, TENANT, "h").await.unwrap();
    assert_eq!(found, None, "it goes with its grant");
    db.remove().await;
}

async fn parallel_sign_ins_keep_to_the_limit_of_an_application(db: TestDb) {
    ann(&db).await;
    race(&db, |db, number| async move {
        let new = Grant {
            session_id: Some(format!("s{number}")),
            ..grant(&format!("g{number}"), "offline_access")
        };
        let mut tx = db.begin().await.unwrap();
        let held = store::grant::lock_of_application(&mut tx, TENANT, "ann", "app", NOW).await;
        for id in limit::excess(&held.unwrap(), &format!("s{number}"), 3).grant_ids {
            assert!(store::grant::delete(&mut tx, TENANT, &id).await.unwrap());
        }
        store::grant::insert(&mut tx, TENANT, &new).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
    let left = store::grant::list(&*db, TENANT, "ann", NOW).await.unwrap();
    assert_eq!(left.len(), 3);
    db.remove().await;
}

async fn t54_fifty_first_administrators_become_one(db: TestDb) {
    tenant(&db).await;
    let purpose = one_time_link::FIRST_ADMINISTRATOR;
    commit!(db, tx => one_time_link::insert(&mut tx, TENANT, "link", purpose, NOW.plus(60)));
    let made = race(&db, move |db, number| async move {
        let mut tx = db.begin().await.unwrap();
        let taken = one_time_link::take(&mut tx, TENANT, "link", purpose, NOW)
            .await
            .unwrap();
        if taken {
            insert(&mut tx, &user(&format!("admin{number}")))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        taken
    })
    .await;
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(store::user::count(&*db, TENANT).await.unwrap(), 1);
    // Set-up is closed afterwards.
    let live = commit!(db, tx => one_time_link::is_live(&mut tx, TENANT, "link", purpose, NOW));
    assert!(!live);
    db.remove().await;
}

async fn t54_two_links_do_not_make_two_administrators(db: TestDb) {
    tenant(&db).await;
    // Two nodes have printed a link each, and both are followed at once.
    let mut first = follow(&db, "one").await;
    let other = (*db).clone();
    let second = tokio::spawn(async move {
        let mut tx = follow(&other, "two").await;
        store::user::count(&mut tx, TENANT).await.unwrap()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!second.is_finished(), "the second waits for the first");
    insert(&mut first, &user("admin")).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(
        second.await.unwrap(),
        1,
        "the second sees the administrator"
    );
    db.remove().await;
}

/// Follows a link that nobody has followed, up to the moment when the administrator would be made.
async fn follow(db: &Db, link: &str) -> Tx {
    let purpose = one_time_link::FIRST_ADMINISTRATOR;
    let mut tx = db.begin().await.unwrap();
    one_time_link::insert(&mut tx, TENANT, link, purpose, NOW.plus(60))
        .await
        .unwrap();
    assert!(
        one_time_link::take(&mut tx, TENANT, link, purpose, NOW)
            .await
            .unwrap()
    );
    tx
}

fn pushed() -> PushedRequest {
    PushedRequest {
        client_id: "app".to_owned(),
        parameters: "{}".to_owned(),
        expires_at: NOW.plus(60),
    }
}

async fn parallel_uses_of_a_pushed_request_give_it_once(db: TestDb) {
    tenant(&db).await;
    commit!(db, tx => store::pushed_request::insert(&mut tx, TENANT, "h", &pushed()));
    let peeked = store::pushed_request::peek(&*db, TENANT, "h", NOW).await;
    assert_eq!(peeked.unwrap(), Some(pushed()));
    let taken = race(&db, |db, _| async move {
        commit!(db, tx => store::pushed_request::take(&mut tx, TENANT, "h", NOW))
    })
    .await;
    assert_eq!(taken.iter().flatten().count(), 1);
    let peeked = store::pushed_request::peek(&*db, TENANT, "h", NOW).await;
    assert_eq!(peeked.unwrap(), None);

    commit!(db, tx => store::pushed_request::insert(&mut tx, TENANT, "late", &pushed()));
    let late =
        commit!(db, tx => store::pushed_request::take(&mut tx, TENANT, "late", NOW.plus(60)));
    assert_eq!(late, None);
    db.remove().await;
}

async fn parallel_ends_of_an_interaction_end_it_once(db: TestDb) {
    tenant(&db).await;
    let interaction = StoredInteraction {
        id_hash: "i".to_owned(),
        browser_hash: "b".to_owned(),
        value: "{}".to_owned(),
        created_at: NOW,
        expires_at: NOW.plus(3600),
    };
    commit!(db, tx => store::interaction::insert(&mut tx, TENANT, &interaction));
    let ended = race(&db, |db, _| async move {
        commit!(db, tx => store::interaction::delete(&mut tx, TENANT, "i"))
    })
    .await;
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
    db.remove().await;
}

async fn parallel_failures_are_all_counted(db: TestDb) {
    tenant(&db).await;
    let limit = store::failed_attempt::Limit {
        failures: 1000,
        window: 3600,
        lock: 3600,
    };
    let states = race(&db, move |db, _| async move {
        commit!(db, tx => store::failed_attempt::record(&mut tx, TENANT, "ann", limit, NOW))
            .failures
    })
    .await;
    let mut states = states;
    states.sort_unstable();
    assert_eq!(states, (1..=50).collect::<Vec<i64>>());
    db.remove().await;
}

async fn parallel_claims_hand_a_delivery_out_once(db: TestDb) {
    tenant(&db).await;
    for number in 0..20 {
        let delivery = store::delivery::Delivery {
            tenant_id: TENANT.to_owned(),
            id: format!("d{number}"),
            kind: "backchannel_logout".to_owned(),
            url: "https://app.example.com/logout".to_owned(),
            body: String::new(),
            attempts: 0,
        };
        commit!(db, tx => store::delivery::enqueue(&mut tx, &delivery, NOW));
    }
    let claimed = race(&db, |db, _| async move {
        commit!(db, tx => store::delivery::claim(&mut tx, 3, 30, NOW))
    })
    .await;
    let mut ids: Vec<String> = claimed
        .into_iter()
        .flatten()
        .map(|delivery| delivery.id)
        .collect();
    let handed_out = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), handed_out, "a delivery was handed out twice");
    assert!(handed_out > 0);
    db.remove().await;
}

/// PostgreSQL ends one of the two; SQLite has one writer, so nobody waits for anybody who waits.
async fn whoever_waits_for_each_other_is_told_so(db: TestDb) {
    if matches!(&*db, Db::Sqlite(_)) {
        return;
    }
    let mut one = db.begin_alone("users/default/one").await.unwrap();
    let mut two = db.begin_alone("users/default/two").await.unwrap();
    let crossing = tokio::spawn(async move {
        let crossed = store::user::lock(&mut one, "default", "two").await;
        drop(one);
        crossed
    });
    let other = store::user::lock(&mut two, "default", "one").await;
    drop(two);
    let outcomes = [crossing.await.unwrap(), other];
    let lost: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(lost.len(), 1, "{outcomes:?}");
    assert!(
        lost[0].is_deadlock() && !lost[0].is_unavailable(),
        "{lost:?}"
    );
    db.remove().await;
}

/// Each adds one to what it has read.
async fn what_is_begun_alone_is_not_lost(db: TestDb) {
    race(&db, |db, _| async move {
        let mut tx = db.begin_alone("settings/x").await.unwrap();
        let before = store::system::find(&mut tx, "sum").await.unwrap();
        let sum = before.map_or(1, |text| text.parse::<usize>().unwrap() + 1);
        let sum = sum.to_string();
        store::system::set(&mut tx, "sum", &sum).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
    let sum = store::system::find(&*db, "sum").await.unwrap();
    assert_eq!(sum, Some(RACERS.to_string()));
}
