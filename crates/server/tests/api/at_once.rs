//! Two administrators change one thing, and one changes what another deletes, at the same moment.

use std::sync::Arc;

use serde_json::{Value, json};
use store::{
    on_both,
    testing::{TestDb, orphans},
};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    manager::Manager,
    world::{CHANGES, Change, DELETIONS, World},
};

on_both!(
    every_change_at_once_with_itself_and_with_deletions_leaves_no_orphan,
    of_two_changes_of_one_thing_none_is_lost,
    what_is_deleted_is_in_no_list_of_the_sign_in_experience,
    rotations_of_keys_at_once_leave_keys_that_sign,
);

/// How many requests are under way at a time: as many as the pool of a small server has connections.
const AT_A_TIME: usize = 12;
const ROUNDS: u64 = 3;

/// Sends requests at once, in an order that the seed decides.
async fn at_once(manager: &Arc<Manager>, world: &Arc<World>, changes: &[Change], seed: u64) {
    let mut changes = changes.to_vec();
    shuffle(&mut changes, seed);
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let mut running = JoinSet::new();
    for change in changes {
        let (manager, world) = (Arc::clone(manager), Arc::clone(world));
        let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
        running.spawn(async move {
            let answer = world.send(&manager, &change).await;
            drop(turn);
            let (method, path, _) = change;
            assert!(
                answer.status < 500,
                "{method} {path}: {} {}",
                answer.status,
                answer.body
            );
        });
    }
    running.join_all().await;
}

/// Fisher and Yates, with the numbers of a linear congruential generator.
fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for last in (1..list.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap() % (last + 1);
        list.swap(last, other);
    }
}

async fn assert_whole(db: &TestDb, when: &str) {
    let orphans = orphans(db).await;
    assert!(orphans.is_empty(), "{when}: {orphans:?}");
}

async fn every_change_at_once_with_itself_and_with_deletions_leaves_no_orphan(db: TestDb) {
    let mut manager = Manager::start_on(&db, &[]).await;
    // One after the other every one of them is done: the requests are what the routes ask for.
    let world = World::furnish(&manager, 0).await;
    let refused = world
        .refused(&manager, &[CHANGES, DELETIONS].concat())
        .await;
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert_whole(&db, "one after the other").await;
    for round in 1..=ROUNDS {
        manager.renew().await;
        let shared = Arc::new(manager);
        let world = Arc::new(World::furnish(&shared, round).await);
        at_once(&shared, &world, &[CHANGES, CHANGES].concat(), round).await;
        assert_whole(&db, "changes").await;
        let against = [CHANGES, DELETIONS, DELETIONS].concat();
        at_once(&shared, &world, &against, round).await;
        assert_whole(&db, "changes and deletions").await;
        // What the race has left of the next round's names.
        for change in DELETIONS {
            world.send(&shared, change).await;
        }
        manager = Arc::into_inner(shared).unwrap();
    }
}

/// Each writes another member of the same thing, and both are there afterwards.
async fn of_two_changes_of_one_thing_none_is_lost(db: TestDb) {
    let manager = Manager::start_on(&db, &[]).await;
    let world = World::furnish(&manager, 0).await;
    let mut lost = Vec::new();
    for (path, one, two) in [
        (
            "/applications/{web}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/applications/{web}/custom-data",
            json!({ "a": "x" }),
            json!({ "b": "x" }),
        ),
        (
            "/organizations/{organization}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/organization-roles/{organization_role}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/organization-scopes/{organization_scope}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/roles/{role}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/resources/{resource}",
            json!({ "name": "x" }),
            json!({ "accessTokenTtl": "x" }),
        ),
        (
            "/resources/{resource}/scopes/{scope}",
            json!({ "name": "x" }),
            json!({ "description": "x" }),
        ),
        (
            "/hooks/{hook}",
            json!({ "name": "x" }),
            json!({ "events": "x" }),
        ),
        (
            "/connectors/{connector}",
            json!({ "syncProfile": "x" }),
            json!({ "metadata": "x" }),
        ),
        (
            "/sso-connectors/{provider}",
            json!({ "connectorName": "x" }),
            json!({ "domains": "x" }),
        ),
        (
            "/sign-in-exp",
            json!({ "customCss": "x" }),
            json!({ "supportEmail": "x" }),
        ),
        (
            "/account-center",
            json!({ "customCss": "x" }),
            json!({ "deleteAccountUrl": "x" }),
        ),
        (
            "/users/{user}",
            json!({ "name": "x" }),
            json!({ "avatar": "x" }),
        ),
        (
            "/users/{user}/custom-data",
            json!({ "customData": { "a": "x" } }),
            json!({ "customData": { "b": "x" } }),
        ),
        (
            "/users/{user}/profile",
            json!({ "profile": { "nickname": "x" } }),
            json!({ "profile": { "website": "x" } }),
        ),
        (
            "/users/{user}/logto-configs",
            json!({ "mfa": { "skipped": "x" } }),
            json!({ "passkeySignIn": { "skipped": "x" } }),
        ),
        (
            "/configs/admin-console",
            json!({ "organizationCreated": "x" }),
            json!({ "signInExperienceCustomized": "x" }),
        ),
        (
            "/email-templates/{template}/details",
            json!({ "subject": "x" }),
            json!({ "content": "x" }),
        ),
    ] {
        let path = world.fill(path);
        for round in 0..8 {
            let [one, two] = [&one, &two].map(|change| valued(change, round));
            let (first, second) =
                tokio::join!(manager.patch(&path, &one), manager.patch(&path, &two));
            first.with(200);
            second.with(200);
            let read = path.strip_suffix("/details").unwrap_or(&path);
            let after = match manager.get(read).await {
                answer if answer.status == 200 => answer.body,
                // What can only be written is a member of what can be read.
                _ => manager
                    .get(read.rsplit_once('/').unwrap().0)
                    .await
                    .with(200),
            };
            for change in [one, two] {
                // The custom data of a user is read without the member that it is written with.
                let whole = after.get("customData").is_none();
                let wanted = change.get("customData").filter(|_| whole);
                if !holds(&after, wanted.unwrap_or(&change)) {
                    lost.push(format!("{path}: {change} in {after}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// The change with a value of this round in each place.
fn valued(change: &Value, round: usize) -> Value {
    let Value::Object(members) = change else {
        panic!("{change}")
    };
    let value = |name: &str| match name {
        "accessTokenTtl" => json!(round + 60),
        "events" => Value::from(vec![["User.Created", "User.Deleted"][round % 2]]),
        "metadata" => json!({ "target": "forge", "name": { "en": format!("n{round}") } }),
        "domains" => json!([format!("d{round}.test")]),
        "syncProfile" | "skipped" | "organizationCreated" | "signInExperienceCustomized" => {
            json!(round.is_multiple_of(2))
        }
        "avatar" | "deleteAccountUrl" | "website" => json!(format!("https://x{round}.test/")),
        "supportEmail" => json!(format!("x{round}@x.test")),
        _ => json!(format!("x{round}")),
    };
    let members = members.iter().map(|(name, held)| {
        let value = if held.is_object() {
            valued(held, round)
        } else {
            value(name)
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

/// Whether a thing has what was written, at whatever depth the answer shows it.
fn holds(thing: &Value, change: &Value) -> bool {
    let Value::Object(members) = change else {
        return thing == change;
    };
    match thing {
        Value::Object(held) => {
            let has = |(name, value)| held.get(name).is_some_and(|held| holds(held, value));
            members.iter().all(has) || held.values().any(|inner| holds(inner, change))
        }
        Value::Array(list) => list.iter().any(|inner| holds(inner, change)),
        _ => false,
    }
}

async fn what_is_deleted_is_in_no_list_of_the_sign_in_experience(db: TestDb) {
    let manager = Manager::start_on(&db, &[]).await;
    for round in 0..10 {
        let connector = json!({ "connectorId": "github-universal", "config": { "clientId": "a", "clientSecret": "b" } });
        let made = manager.post("/connectors", &connector).await.with(200);
        let field = json!({ "name": "size", "type": "Text", "required": false });
        manager
            .post("/custom-profile-fields", &field)
            .await
            .with(201);
        let connector = format!("/connectors/{}", made["id"].as_str().unwrap());
        let show = json!({ "socialSignInConnectorTargets": ["github"], "signUpProfileFields": [{ "name": "size" }] });
        let list = json!({ "profileFields": [{ "name": "size" }] });
        let (shown, listed, gone, taken) = tokio::join!(
            manager.patch("/sign-in-exp", &show),
            manager.patch("/account-center", &list),
            manager.delete(&connector),
            manager.delete("/custom-profile-fields/size"),
        );
        shown.with(200);
        listed.with(200);
        gone.with(204);
        taken.with(204);
        assert_whole(&db, &format!("round {round}")).await;
    }
}

async fn rotations_of_keys_at_once_leave_keys_that_sign(db: TestDb) {
    let mut manager = Manager::start_on(&db, &[]).await;
    let path = "/configs/oidc/private-keys/rotate";
    let body = json!({});
    let answers = tokio::join!(
        manager.post(path, &body),
        manager.post(path, &body),
        manager.post(path, &body)
    );
    for answer in [answers.0, answers.1, answers.2] {
        assert!(answer.status < 500, "{}", answer.body);
    }
    manager.renew().await;
    let keys = manager.get("/configs/oidc/private-keys").await.with(200);
    let current = keys
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["status"] == "Current" && key["signingKeyAlgorithm"] == "EC");
    assert_eq!(current.count(), 1, "{keys}");
}
