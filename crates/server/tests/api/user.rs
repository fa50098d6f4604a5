//! `/users` (`contract/logto-api.md` §2.2, §2.3).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::{
    manager::Manager,
    support::{ANN, API},
};

on_both!(
    an_account_is_made_changed_and_deleted,
    what_cannot_be_an_account_is_refused,
    lists_are_searched_and_paged,
    json_members_are_merged_by_their_own_routes_and_replaced_by_the_others,
    passwords_are_set_compared_and_imported,
    t17_suspension_and_deletion_end_every_session_and_token,
    roles_are_given_and_taken,
    identities_are_linked_replaced_and_unlinked,
    sessions_and_grants_are_shown_and_ended,
    choices_about_signing_in_are_kept,
    organizations_of_a_person_are_listed,
    another_tenants_people_do_not_exist_here,
);

async fn make(manager: &Manager, body: Value) -> String {
    let made = manager.post("/users", &body).await.with(200);
    made["id"].as_str().unwrap().to_owned()
}

async fn an_account_is_made_changed_and_deleted(db: TestDb) {
    let manager = Manager::start(db).await;
    let body = json!({
        "username": "bob", "primaryEmail": "Bob@Example.com", "primaryPhone": "+49 30 123456", "name": "Bob",
        "avatar": "https://a.test/b.png", "customData": { "plan": 1 }, "profile": { "givenName": "Bob" }, "password": "hunter22",
    });
    let made = manager.post("/users", &body).await.with(200);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(
        made,
        json!({
            "id": id, "username": "bob", "primaryEmail": "bob@example.com", "primaryPhone": "4930123456", "name": "Bob",
            "avatar": "https://a.test/b.png", "customData": { "plan": 1 }, "identities": {}, "lastSignInAt": null,
            "createdAt": 1_800_000_000_000_i64, "updatedAt": 1_800_000_000_000_i64, "profile": { "givenName": "Bob" },
            "applicationId": null, "cimdClientId": null, "isSuspended": false, "hasPassword": true,
        })
    );
    assert_eq!(id.len(), 12);
    let path = format!("/users/{id}");
    assert_eq!(manager.get(&path).await.with(200), made);
    let change = json!({ "username": null, "name": "", "customData": { "b": 2 }, "primaryPhone": "1234567" });
    let changed = manager.patch(&path, &change).await.with(200);
    assert_eq!(
        (&changed["username"], &changed["name"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(changed["customData"], json!({ "b": 2 }), "replaced");
    assert_eq!(changed["primaryEmail"], "bob@example.com", "kept");
    manager
        .patch(&path, &json!({}))
        .await
        .failed(422, "entity.invalid_input");
    manager.delete(&path).await.with(204);
    manager.get(&path).await.failed(404, "entity.not_found");
    manager
        .patch(&path, &change)
        .await
        .failed(404, "entity.not_found");
    manager.delete(&path).await.failed(404, "entity.not_found");
    manager
        .delete("/users/worker")
        .await
        .failed(400, "user.cannot_delete_self");
}

async fn what_cannot_be_an_account_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    make(
        &manager,
        json!({ "username": "bob", "primaryPhone": "4930123456" }),
    )
    .await;
    for (body, status, code) in [
        (
            json!({ "username": "bob" }),
            422,
            "user.username_already_in_use",
        ),
        (
            json!({ "primaryEmail": "ANN@example.com" }),
            422,
            "user.email_already_in_use",
        ),
        (
            json!({ "primaryPhone": "+49 30 123456" }),
            422,
            "user.phone_already_in_use",
        ),
        (json!({ "primaryPhone": "abc" }), 422, "user.invalid_phone"),
        (
            json!({ "password": "a", "passwordDigest": "b", "passwordAlgorithm": "MD5" }),
            400,
            "user.password_and_digest",
        ),
        (
            json!({ "passwordDigest": "5f4dcc3b5aa765d61d8327deb882cf99" }),
            400,
            "user.password_algorithm_required",
        ),
        (
            json!({ "passwordDigest": "{", "passwordAlgorithm": "Legacy" }),
            400,
            "password.invalid_legacy_password_format",
        ),
        (
            json!({ "passwordDigest": "x", "passwordAlgorithm": "ROT13" }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "password": "" }), 400, "guard.invalid_input"),
        (json!({ "username": "1bob" }), 400, "guard.invalid_input"),
        (
            json!({ "username": "b".repeat(129) }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "name": "a\u{0}" }), 400, "guard.invalid_input"),
        (json!({ "customData": [] }), 400, "guard.invalid_input"),
        (
            json!({ "profile": { "shoeSize": 42 } }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "avatar": "nonsense" }), 400, "guard.invalid_input"),
    ] {
        manager.post("/users", &body).await.failed(status, code);
    }
    let other = make(&manager, json!({ "username": "other" })).await;
    let taken = json!({ "username": "bob" });
    manager
        .patch(&format!("/users/{other}"), &taken)
        .await
        .failed(422, "user.username_already_in_use");
}

async fn lists_are_searched_and_paged(db: TestDb) {
    let manager = Manager::start(db).await;
    for name in ["bob", "Bert", "carl"] {
        make(
            &manager,
            json!({ "username": name, "name": format!("Mr {name}"), "password": "secret12" }),
        )
        .await;
    }
    let names = async |query: &str| {
        let body = manager.get(&format!("/users?{query}")).await.with(200);
        let rows = body.as_array().unwrap().iter();
        let mut names: Vec<_> = rows
            .map(|row| row["username"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("").await, ["Bert", "ann", "bob", "carl"]);
    assert_eq!(names("search.username=%25b%25").await, ["Bert", "bob"]);
    assert_eq!(
        names("search.username=b%25&isCaseSensitive=true").await,
        ["bob"]
    );
    assert_eq!(
        names("search.primaryEmail=ANN@example.com&mode=exact").await,
        ["ann"]
    );
    assert_eq!(
        names("search.name=mr%25&search.username=carl&joint=and").await,
        ["carl"]
    );
    let page = manager.get("/users?page=2&page_size=3").await;
    assert_eq!(page.header("total-number"), "4");
    assert_eq!(page.with(200).as_array().unwrap().len(), 1);
    manager
        .get("/users?excludeRoleId=a&excludeOrganizationId=b")
        .await
        .failed(400, "request.invalid_input");
    let hashed = manager
        .get("/users?search=bob&includePasswordHash=true")
        .await
        .with(200);
    assert_eq!(hashed[0]["passwordAlgorithm"], "Argon2id");
    assert!(
        hashed[0]["passwordDigest"]
            .as_str()
            .unwrap()
            .starts_with("$argon2id$")
    );
    let plain = manager.get("/users?search=bob").await.with(200);
    assert!(plain[0].get("passwordDigest").is_none());
}

async fn json_members_are_merged_by_their_own_routes_and_replaced_by_the_others(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("/users/{ANN}");
    let data = format!("{path}/custom-data");
    manager
        .patch(&data, &json!({ "customData": { "a": 1 } }))
        .await
        .with(200);
    let merged = manager
        .patch(&data, &json!({ "customData": { "b": 2 } }))
        .await
        .with(200);
    assert_eq!(merged, json!({ "a": 1, "b": 2 }));
    assert_eq!(manager.get(&data).await.with(200), merged);
    let profile = manager
        .patch(
            &format!("{path}/profile"),
            &json!({ "profile": { "nickname": "A" } }),
        )
        .await;
    assert_eq!(
        profile.with(200),
        json!({ "givenName": "Ann", "familyName": "Lee", "nickname": "A" })
    );
    let wrong = json!({ "profile": { "nickname": 7 } });
    manager
        .patch(&format!("{path}/profile"), &wrong)
        .await
        .failed(400, "guard.invalid_input");
    manager
        .patch("/users/none/profile", &json!({ "profile": {} }))
        .await
        .failed(404, "entity.not_found");
    manager
        .get("/users/none/custom-data")
        .await
        .failed(404, "entity.not_found");
}

async fn passwords_are_set_compared_and_imported(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("/users/{ANN}/password");
    let has = format!("/users/{ANN}/has-password");
    assert_eq!(
        manager.get(&has).await.with(200),
        json!({ "hasPassword": false })
    );
    let verify = format!("{path}/verify");
    let right = json!({ "password": "short" });
    manager
        .post(&verify, &right)
        .await
        .failed(422, "session.invalid_credentials");
    assert_eq!(
        manager.patch(&path, &right).await.with(200)["hasPassword"],
        true
    );
    assert_eq!(
        manager.get(&has).await.with(200),
        json!({ "hasPassword": true })
    );
    manager.post(&verify, &right).await.with(204);
    manager
        .post(&verify, &json!({ "password": "wrong" }))
        .await
        .failed(422, "session.invalid_credentials");

    let body =
        json!({ "passwordDigest": "5f4dcc3b5aa765d61d8327deb882cf99", "passwordAlgorithm": "MD5" });
    let id = make(&manager, body).await;
    manager
        .post(
            &format!("/users/{id}/password/verify"),
            &json!({ "password": "password" }),
        )
        .await
        .with(204);
    let shown = manager
        .get(&format!("/users/{id}?includePasswordHash=1"))
        .await
        .with(200);
    assert_eq!(
        shown["passwordAlgorithm"], "Argon2id",
        "a better hash took its place"
    );

    let expired = json!({ "isExpired": true });
    manager
        .patch(&format!("{path}/expiration"), &expired)
        .await
        .failed(400, "sign_in_experiences.password_expiration_not_enabled");
    manager
        .patch(
            &format!("{path}/expiration"),
            &json!({ "isExpired": false }),
        )
        .await
        .with(200);
    manager
        .patch("/users/none/password", &right)
        .await
        .failed(404, "entity.not_found");
}

async fn t17_suspension_and_deletion_end_every_session_and_token(db: TestDb) {
    let manager = Manager::start(db).await;
    let server = &manager.server;
    let suspend = async |is_suspended: bool| {
        let body = json!({ "isSuspended": is_suspended });
        let path = format!("/users/{ANN}/is-suspended");
        manager.patch(&path, &body).await.with(200)["isSuspended"].clone()
    };
    let tokens = server.tokens("chat", "openid offline_access").await;
    let text = |name: &str| tokens[name].as_str().unwrap();
    assert_eq!(suspend(true).await, true);
    assert_eq!(server.userinfo(text("access_token")).await.status, 401);
    assert_eq!(
        server.refresh("chat", text("refresh_token")).await.status,
        400
    );
    assert_eq!(
        manager
            .get(&format!("/users/{ANN}/sessions"))
            .await
            .with(200)["sessions"],
        json!([])
    );
    assert_eq!(suspend(false).await, false);
    let tokens = server.tokens("chat", "openid offline_access").await;
    manager.delete(&format!("/users/{ANN}")).await.with(204);
    let refreshed = server
        .refresh("chat", tokens["refresh_token"].as_str().unwrap())
        .await;
    assert_eq!(refreshed.status, 400);
}

async fn roles_are_given_and_taken(db: TestDb) {
    let manager = Manager::start(db).await;
    let role = async |name: &str, kind: &str| {
        let body = json!({ "name": name, "description": "x", "type": kind });
        let made = manager.post("/roles", &body).await.with(200);
        made["id"].as_str().unwrap().to_owned()
    };
    let (one, two) = (role("one", "User").await, role("two", "User").await);
    let machine = role("machine", "MachineToMachine").await;
    let path = format!("/users/{ANN}/roles");
    let added = manager
        .post(&path, &json!({ "roleIds": [one, one] }))
        .await
        .with(201);
    assert_eq!(
        added,
        json!({ "roleIds": [one, one], "addedRoleIds": [one] })
    );
    let again = manager
        .post(&path, &json!({ "roleIds": [one, two] }))
        .await
        .with(201);
    assert_eq!(again["addedRoleIds"], json!([two]));
    manager
        .post(&path, &json!({ "roleIds": [machine] }))
        .await
        .failed(422, "user.invalid_role_type");
    manager
        .post(&path, &json!({ "roleIds": ["none"] }))
        .await
        .failed(404, "entity.not_exists_with_id");
    manager
        .post(&path, &json!({ "roleIds": ["admin-role"] }))
        .await
        .failed(403, "role.internal_role_violation");
    let replaced = manager
        .put(&path, &json!({ "roleIds": [two, two] }))
        .await
        .with(200);
    assert_eq!(replaced, json!({ "roleIds": [two] }));
    let listed = manager.get(&path).await;
    assert_eq!(listed.header("total-number"), "1");
    assert_eq!(listed.with(200)[0]["name"], "two");
    manager.delete(&format!("{path}/{two}")).await.with(204);
    manager
        .delete(&format!("{path}/{two}"))
        .await
        .failed(404, "entity.not_found");
    manager
        .get("/users/none/roles")
        .await
        .failed(404, "entity.not_found");
    // The role that let ann read is gone with the replacement: the next token says so.
    let tokens = manager.server.tokens_for("chat", "openid read", API).await;
    assert_eq!(tokens["scope"], "openid");
}

async fn identities_are_linked_replaced_and_unlinked(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("/users/{ANN}/identities/github");
    manager
        .get(&path)
        .await
        .failed(404, "user.identity_not_exist");
    let first = manager
        .put(
            &path,
            &json!({ "userId": "42", "details": { "name": "ann" } }),
        )
        .await
        .with(201);
    assert_eq!(
        first,
        json!({ "github": { "userId": "42", "details": { "name": "ann" } } })
    );
    manager
        .put(&path, &json!({ "userId": "43" }))
        .await
        .with(200);
    assert_eq!(
        manager.get(&path).await.with(200),
        json!({ "identity": { "userId": "43" } })
    );
    let all = manager
        .get(&format!("/users/{ANN}/all-identities"))
        .await
        .with(200);
    assert_eq!(
        all,
        json!({ "socialIdentities": [{ "target": "github", "identity": { "userId": "43" } }], "ssoIdentities": [] })
    );
    let other = make(&manager, json!({ "username": "other" })).await;
    let theirs = format!("/users/{other}/identities/github");
    manager
        .put(&theirs, &json!({ "userId": "43" }))
        .await
        .failed(422, "user.identity_already_in_use");
    let after = manager.delete(&path).await.with(200);
    assert_eq!(after["identities"], json!({}));
    manager
        .delete(&path)
        .await
        .failed(404, "user.identity_not_exist");
}

async fn sessions_and_grants_are_shown_and_ended(db: TestDb) {
    let manager = Manager::start(db).await;
    let server = &manager.server;
    let short = server.tokens("chat", "openid").await;
    let long = server.tokens("partner", "openid offline_access").await;
    let sessions = manager
        .get(&format!("/users/{ANN}/sessions"))
        .await
        .with(200);
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    let of = |client: &str| {
        let found = sessions
            .iter()
            .find(|session| session["clientId"] == client)
            .unwrap();
        found["payload"]["uid"].as_str().unwrap().to_owned()
    };
    let path = format!("/users/{ANN}/sessions/{}", of("chat"));
    let one = manager.get(&path).await.with(200);
    assert_eq!(one["payload"]["accountId"], ANN);
    assert!(one["payload"]["authorizations"]["chat"]["grantId"].is_string());
    let other = make(&manager, json!({ "username": "other" })).await;
    let elsewhere = format!("/users/{other}/sessions/{}", of("chat"));
    manager
        .get(&elsewhere)
        .await
        .failed(404, "oidc.session_not_found");
    manager
        .delete(&elsewhere)
        .await
        .failed(404, "oidc.session_not_found");
    manager.delete(&path).await.with(204);
    manager
        .get(&path)
        .await
        .failed(404, "oidc.session_not_found");
    assert_eq!(
        server
            .userinfo(short["access_token"].as_str().unwrap())
            .await
            .status,
        401
    );

    let grants = format!("/users/{ANN}/grants");
    assert_eq!(
        manager
            .get(&format!("{grants}?appType=firstParty"))
            .await
            .with(200)["grants"],
        json!([])
    );
    let third = manager
        .get(&format!("{grants}?appType=thirdParty"))
        .await
        .with(200);
    assert_eq!(
        third["grants"][0]["application"],
        json!({ "id": "partner", "name": "partner" })
    );
    let grant = third["grants"][0]["id"].as_str().unwrap().to_owned();
    manager
        .delete(&format!("/users/{other}/grants/{grant}"))
        .await
        .failed(404, "oidc.invalid_grant");
    manager.delete(&format!("{grants}/{grant}")).await.with(204);
    manager
        .delete(&format!("{grants}/{grant}"))
        .await
        .failed(404, "oidc.invalid_grant");
    let refreshed = server
        .refresh("partner", long["refresh_token"].as_str().unwrap())
        .await;
    assert_eq!(refreshed.status, 400);
    manager
        .get(&format!("{grants}?appType=other"))
        .await
        .failed(400, "guard.invalid_input");

    let kept = server.tokens("chat", "openid offline_access").await;
    let sessions = manager
        .get(&format!("/users/{ANN}/sessions"))
        .await
        .with(200);
    let chat = sessions["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["clientId"] == "chat");
    let uid = chat.unwrap()["payload"]["uid"].as_str().unwrap().to_owned();
    manager
        .delete(&format!(
            "/users/{ANN}/sessions/{uid}?revokeGrantsTarget=firstParty"
        ))
        .await
        .with(204);
    let refreshed = server
        .refresh("chat", kept["refresh_token"].as_str().unwrap())
        .await;
    assert_eq!(refreshed.status, 400, "the grant went with the session");
}

async fn choices_about_signing_in_are_kept(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("/users/{ANN}/logto-configs");
    let nothing = json!({ "mfa": { "skipped": false, "skipMfaOnSignIn": false }, "passkeySignIn": { "skipped": false } });
    assert_eq!(manager.get(&path).await.with(200), nothing);
    manager
        .patch(&path, &json!({ "mfa": { "enabled": true } }))
        .await
        .with(200);
    let after = manager
        .patch(
            &path,
            &json!({ "mfa": { "skipped": true }, "passkeySignIn": { "skipped": true } }),
        )
        .await;
    let expected = json!({ "mfa": { "enabled": true, "skipped": true, "skipMfaOnSignIn": false }, "passkeySignIn": { "skipped": true } });
    assert_eq!(after.with(200), expected);
    assert_eq!(manager.get(&path).await.with(200), expected);
    manager
        .get("/users/none/logto-configs")
        .await
        .failed(404, "entity.not_found");
}

async fn organizations_of_a_person_are_listed(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("/users/{ANN}/organizations");
    assert_eq!(manager.get(&path).await.with(200), json!([]));
    manager
        .get("/users/none/organizations")
        .await
        .failed(404, "entity.not_found");
}

async fn another_tenants_people_do_not_exist_here(db: TestDb) {
    let manager = Manager::start(db).await;
    let mut tx = manager.server.app.db().begin().await.unwrap();
    let stranger = identity::user::User::new("stranger1234".to_owned(), manager.server.now());
    let case = store::user::UsernameCase::Sensitive;
    store::user::insert(&mut tx, "admin", &stranger, case)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let path = "/users/stranger1234";
    manager.get(path).await.failed(404, "entity.not_found");
    manager
        .patch(path, &json!({ "name": "x" }))
        .await
        .failed(404, "entity.not_found");
    manager.delete(path).await.failed(404, "entity.not_found");
    manager
        .patch(
            &format!("{path}/is-suspended"),
            &json!({ "isSuspended": true }),
        )
        .await
        .failed(404, "entity.not_found");
    manager
        .patch(&format!("{path}/password"), &json!({ "password": "x" }))
        .await
        .failed(404, "entity.not_found");
    manager
        .post(&format!("{path}/roles"), &json!({ "roleIds": [] }))
        .await
        .failed(404, "entity.not_found");
    manager
        .put(
            &format!("{path}/identities/github"),
            &json!({ "userId": "1" }),
        )
        .await
        .failed(404, "entity.not_found");
    let tx = &mut manager.server.app.db().begin().await.unwrap();
    let kept = store::user::find(&mut *tx, "admin", "stranger1234")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept, stranger);
}
