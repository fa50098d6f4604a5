//! `/users/{userId}/mfa-verifications` (`contract/logto-api.md` §2.3).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb};

use crate::manager::Manager;

on_both!(
    a_person_gets_an_authenticator_app_and_backup_codes,
    what_does_not_fit_together_is_refused,
    t34_secrets_are_shown_once_and_stored_sealed,
);

async fn user(manager: &Manager) -> String {
    let made = manager
        .post("/users", &json!({ "username": "bo" }))
        .await
        .with(200);
    format!("/users/{}/mfa-verifications", made["id"].as_str().unwrap())
}

async fn a_person_gets_an_authenticator_app_and_backup_codes(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = user(&manager).await;
    assert_eq!(manager.get(&path).await.with(200), json!([]));
    let totp = manager
        .post(&path, &json!({ "type": "Totp" }))
        .await
        .with(200);
    assert_eq!(totp["type"], "Totp");
    assert_eq!(totp["secret"].as_str().unwrap().len(), 32);
    let picture = totp["secretQrCode"].as_str().unwrap();
    assert!(
        picture.starts_with("data:image/svg+xml;base64,"),
        "{picture}"
    );
    manager.server.advance(1);
    let codes = manager
        .post(&path, &json!({ "type": "BackupCode" }))
        .await
        .with(200);
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
    let listed = manager.get(&path).await.with(200);
    let told: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["type"], &row["remainCodes"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("Totp"), &Value::Null),
            (&json!("BackupCode"), &json!(10))
        ]
    );
    assert!(listed[0]["createdAt"].as_str().unwrap().ends_with('Z'));
    let one = format!("{path}/{}", listed[0]["id"].as_str().unwrap());
    manager.delete(&one).await.with(204);
    manager.delete(&one).await.failed(404, "entity.not_found");
    assert_eq!(
        manager.get(&path).await.with(200).as_array().unwrap().len(),
        1
    );
}

async fn what_does_not_fit_together_is_refused(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = user(&manager).await;
    let codes: Vec<_> = (0..10).map(|number| format!("00000000a{number}")).collect();
    let backup = json!({ "type": "BackupCode", "codes": codes });
    manager
        .post(&path, &backup)
        .await
        .failed(422, "session.mfa.backup_code_can_not_be_alone");
    for (body, status, code) in [
        (
            json!({ "type": "Totp", "secret": "no" }),
            422,
            "user.totp_secret_invalid",
        ),
        (
            json!({ "type": "BackupCode", "codes": ["a"] }),
            422,
            "user.wrong_backup_code_format",
        ),
        (json!({ "type": "WebAuthn" }), 400, "guard.invalid_input"),
        (json!({}), 400, "guard.invalid_input"),
        (
            json!({ "type": "Totp", "secret": 1 }),
            400,
            "guard.invalid_input",
        ),
    ] {
        manager.post(&path, &body).await.failed(status, code);
    }
    let totp = json!({ "type": "Totp", "secret": "GEZDGNBVGY3TQOJQ" });
    assert_eq!(
        manager.post(&path, &totp).await.with(200)["secret"],
        "GEZDGNBVGY3TQOJQ"
    );
    manager
        .post(&path, &totp)
        .await
        .failed(422, "user.totp_already_in_use");
    assert_eq!(
        manager.post(&path, &backup).await.with(200)["codes"],
        json!(codes)
    );
    manager
        .post(&path, &backup)
        .await
        .failed(422, "user.backup_code_already_in_use");
    let nobody = "/users/nobody/mfa-verifications";
    manager.get(nobody).await.failed(404, "entity.not_found");
    manager
        .post(nobody, &totp)
        .await
        .failed(404, "entity.not_found");
    manager
        .delete(&format!("{nobody}/x"))
        .await
        .failed(404, "entity.not_found");
}

async fn t34_secrets_are_shown_once_and_stored_sealed(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = user(&manager).await;
    let totp = json!({ "type": "Totp", "secret": "GEZDGNBVGY3TQOJQ" });
    manager.post(&path, &totp).await.with(200);
    let listed = manager.get(&path).await.with(200).to_string();
    assert!(!listed.contains("GEZDGNBVGY3TQOJQ"), "{listed}");
}
