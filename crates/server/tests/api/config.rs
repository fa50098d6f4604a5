//! `/configs` (`contract/logto-api.md` §5.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(
    the_console_remembers_what_it_is_told,
    id_tokens_carry_what_is_enabled,
    sessions_last_as_long_as_is_said,
    signing_keys_rotate_and_only_previous_ones_go,
    cookie_keys_rotate,
    a_key_may_wait_before_it_signs,
);

async fn the_console_remembers_what_it_is_told(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/configs/admin-console";
    let nothing = json!({ "signInExperienceCustomized": false, "organizationCreated": false });
    assert_eq!(manager.get(path).await.with(200), nothing);
    let change = json!({ "organizationCreated": true });
    let told = json!({ "signInExperienceCustomized": false, "organizationCreated": true });
    assert_eq!(manager.patch(path, &change).await.with(200), told);
    assert_eq!(manager.get(path).await.with(200), told);
    let wrong = json!({ "organizationCreated": "yes" });
    manager
        .patch(path, &wrong)
        .await
        .failed(400, "guard.invalid_input");
}

async fn id_tokens_carry_what_is_enabled(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/configs/id-token";
    let seeded =
        json!({ "enabledExtendedClaims": ["roles", "organizations", "organization_roles"] });
    assert_eq!(manager.get(path).await.with(200), seeded);
    let config = json!({ "enabledExtendedClaims": ["custom_data"] });
    assert_eq!(manager.put(path, &config).await.with(200), config);
    assert_eq!(
        manager
            .server
            .app
            .tenant("default")
            .unwrap()
            .id_token_claims,
        ["custom_data"]
    );
    let unknown = json!({ "enabledExtendedClaims": ["shoe_size"] });
    manager
        .put(path, &unknown)
        .await
        .failed(400, "guard.invalid_input");
}

async fn sessions_last_as_long_as_is_said(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/configs/oidc/session";
    assert_eq!(
        manager.get(path).await.with(200),
        json!({ "ttl": 1_209_600 })
    );
    assert_eq!(
        manager.patch(path, &json!({ "ttl": 60 })).await.with(200),
        json!({ "ttl": 60 })
    );
    assert_eq!(
        manager.patch(path, &json!({})).await.with(200),
        json!({ "ttl": 60 })
    );
    assert_eq!(
        manager.server.app.tenant("default").unwrap().session_ttl,
        60
    );
    for wrong in [
        json!({ "ttl": 0 }),
        json!({ "ttl": 31_536_001 }),
        json!({ "ttl": "long" }),
    ] {
        manager
            .patch(path, &wrong)
            .await
            .failed(400, "guard.invalid_input");
    }
}

fn statuses(keys: &Value) -> Vec<(String, String)> {
    let mut statuses: Vec<_> = keys
        .as_array()
        .unwrap()
        .iter()
        .map(|key| {
            assert!(
                key.get("value").is_none() && key.get("privateKey").is_none(),
                "{key}"
            );
            let text = |name: &str| key[name].as_str().unwrap().to_owned();
            (text("signingKeyAlgorithm"), text("status"))
        })
        .collect();
    statuses.sort();
    statuses
}

fn pair(algorithm: &str, status: &str) -> (String, String) {
    (algorithm.to_owned(), status.to_owned())
}

async fn signing_keys_rotate_and_only_previous_ones_go(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/configs/oidc/private-keys";
    let before = manager.get(path).await.with(200);
    assert_eq!(
        statuses(&before),
        [pair("EC", "Current"), pair("RSA", "Current")]
    );
    let rotated = manager
        .post(&format!("{path}/rotate"), &json!({}))
        .await
        .with(200);
    assert_eq!(
        statuses(&rotated),
        [
            pair("EC", "Current"),
            pair("EC", "Previous"),
            pair("RSA", "Current")
        ]
    );
    let of = |status: &str| {
        let mut keys = rotated.as_array().unwrap().iter();
        let key = keys.find(|key| key["status"] == status && key["signingKeyAlgorithm"] == "EC");
        key.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let current = format!("{path}/{}", of("Current"));
    manager
        .delete(&current)
        .await
        .failed(422, "oidc.only_previous_key_can_be_deleted");
    let previous = format!("{path}/{}", of("Previous"));
    // The manager's own token was signed with it: it ends with the key.
    manager.delete(&previous).await.with(204);
    manager.get(path).await.failed(401, "auth.unauthorized");
}

async fn cookie_keys_rotate(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/configs/oidc/cookie-keys";
    let one = manager.get(path).await.with(200);
    let id = one[0]["id"].as_str().unwrap().to_owned();
    manager
        .delete(&format!("{path}/{id}"))
        .await
        .failed(422, "oidc.key_required");
    let rotate = format!("{path}/rotate");
    let grace = json!({ "rotationGracePeriod": 60 });
    manager
        .post(&rotate, &grace)
        .await
        .failed(422, "oidc.invalid_request");
    let two = manager.post(&rotate, &json!({})).await.with(200);
    assert_eq!(two.as_array().unwrap().len(), 2);
    assert!(two[0].get("status").is_none());
    manager.delete(&format!("{path}/{id}")).await.with(204);
    manager
        .delete(&format!("{path}/{id}"))
        .await
        .failed(404, "oidc.key_not_found");
    manager
        .get("/configs/oidc/other-keys")
        .await
        .failed(400, "guard.invalid_input");
}

async fn a_key_may_wait_before_it_signs(db: TestDb) {
    let manager = Manager::start(db).await;
    let rotate = "/configs/oidc/private-keys/rotate";
    let wait = json!({ "signingKeyAlgorithm": "EC", "rotationGracePeriod": 3600 });
    let keys = manager.post(rotate, &wait).await.with(200);
    assert_eq!(keys[0]["status"], "Next");
    assert_eq!(keys[0]["effectiveAt"], 1_800_003_600_000_i64);
    manager
        .post(rotate, &json!({}))
        .await
        .failed(422, "oidc.invalid_request");
    let wrong = json!({ "rotationGracePeriod": -1 });
    manager
        .post(rotate, &wrong)
        .await
        .failed(400, "guard.invalid_input");
}
