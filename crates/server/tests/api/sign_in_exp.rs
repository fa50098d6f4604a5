//! `/sign-in-exp`, `/account-center` and `/captcha-provider` (`contract/logto-api.md` §4.3, §4.4).

use serde_json::{Value, json};
use store::{on_both, testing::TestDb, user::UsernameCase};

use crate::{manager::Manager, support::ANN};

on_both!(
    an_experience_shows_every_field,
    fields_are_replaced_as_a_whole_and_work_at_once,
    what_does_not_fit_is_refused_and_nothing_changes,
    names_that_differ_in_case_stop_the_policy,
    passwords_are_checked_against_the_policy,
    the_account_center_is_changed,
    a_captcha_provider_is_set_up_and_removed,
);

const PATH: &str = "/sign-in-exp";

async fn an_experience_shows_every_field(db: TestDb) {
    let manager = Manager::start(db).await;
    let experience = manager.get(PATH).await.with(200);
    assert_eq!(
        (&experience["tenantId"], &experience["id"]),
        (&json!("default"), &json!("default"))
    );
    for field in [
        "color",
        "branding",
        "hideLogtoBranding",
        "languageInfo",
        "termsOfUseUrl",
        "privacyPolicyUrl",
        "agreeToTermsPolicy",
        "signIn",
        "signUp",
        "socialSignIn",
        "socialSignInConnectorTargets",
        "signInMode",
        "customCss",
        "customContent",
        "customUiAssets",
        "customUiCsp",
        "passwordPolicy",
        "mfa",
        "adaptiveMfa",
        "singleSignOnEnabled",
        "supportEmail",
        "supportWebsiteUrl",
        "unknownSessionRedirectUrl",
        "captchaPolicy",
        "sentinelPolicy",
        "emailBlocklistPolicy",
        "verificationCodePolicy",
        "forgotPasswordMethods",
        "passkeySignIn",
        "signUpProfileFields",
        "passwordExpiration",
        "usernamePolicy",
    ] {
        assert!(experience.get(field).is_some(), "{field} in {experience}");
    }
}

async fn fields_are_replaced_as_a_whole_and_work_at_once(db: TestDb) {
    let manager = Manager::start(db).await;
    let change = json!({
        "signInMode": "SignIn",
        "termsOfUseUrl": "https://a.test/terms",
        "passwordPolicy": { "length": { "min": 12 } },
        "socialSignInConnectorTargets": ["github"],
        "mfa": { "factors": ["Totp"], "policy": "NoPrompt" },
        "passwordExpiration": { "enabled": false },
        "nonsense": true,
    });
    let after = manager.patch(PATH, &change).await.with(200);
    assert_eq!(after["passwordPolicy"], json!({ "length": { "min": 12 } }));
    assert_eq!(
        after["socialSignInConnectorTargets"],
        json!([]),
        "no connector has the target"
    );
    assert!(after.get("nonsense").is_none());
    assert_eq!(manager.get(PATH).await.with(200), after);
    let experience = &manager.server.app.tenant("default").unwrap().experience;
    assert!(!experience.may_register());
    assert_eq!(experience.password_policy.length.min, 12);
    let cleared = json!({ "termsOfUseUrl": null, "mfa": { "factors": [], "policy": "NoPrompt" } });
    let after = manager.patch(PATH, &cleared).await.with(200);
    assert_eq!(after["termsOfUseUrl"], Value::Null);
    assert_eq!(after["signInMode"], "SignIn");
    assert_eq!(after["adaptiveMfa"], json!({ "enabled": false }));
}

async fn what_does_not_fit_is_refused_and_nothing_changes(db: TestDb) {
    let manager = Manager::start(db).await;
    let before = manager.get(PATH).await.with(200);
    for (change, status, code) in [
        (
            json!({ "signInMode": "Closed" }),
            400,
            "guard.invalid_input",
        ),
        (json!({ "color": null }), 400, "guard.invalid_input"),
        (
            json!({ "languageInfo": { "autoDetect": true, "fallbackLanguage": "xx" } }),
            400,
            "sign_in_experiences.unsupported_default_language",
        ),
        (
            json!({ "signUp": { "identifiers": ["email"], "password": true, "verify": true } }),
            400,
            "sign_in_experiences.enabled_connector_not_found",
        ),
        (
            json!({ "adaptiveMfa": { "enabled": true } }),
            422,
            "sign_in_experiences.adaptive_mfa_requires_mfa",
        ),
        (
            json!({ "passwordExpiration": { "enabled": true, "validPeriodDays": 30 } }),
            422,
            "sign_in_experiences.password_expiration_requires_forgot_password",
        ),
        (
            json!({ "emailBlocklistPolicy": { "blockDisposableAddresses": true } }),
            400,
            "request.invalid_input",
        ),
    ] {
        manager.patch(PATH, &change).await.failed(status, code);
    }
    assert_eq!(manager.get(PATH).await.with(200), before);
}

async fn names_that_differ_in_case_stop_the_policy(db: TestDb) {
    let manager = Manager::start(db).await;
    let mut tx = manager.server.app.db().begin().await.unwrap();
    let ann = store::user::find(&mut tx, "default", ANN)
        .await
        .unwrap()
        .unwrap();
    let other = identity::user::User {
        id: "anotherann12".to_owned(),
        username: Some("Ann".to_owned()),
        primary_email: None,
        ..ann
    };
    store::user::insert(&mut tx, "default", &other, UsernameCase::Sensitive)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let expected = json!({
        "totalConflicts": 1,
        "samples": [{ "usernameLower": "ann", "userIds": [ANN, "anotherann12"] }],
    });
    let conflicts = format!("{PATH}/username-policy/case-sensitivity-conflicts");
    assert_eq!(manager.get(&conflicts).await.with(200), expected);
    manager
        .get(&format!("{conflicts}?limit=0"))
        .await
        .failed(400, "guard.invalid_input");
    let change = json!({ "usernamePolicy": {
        "caseSensitive": false, "minLength": 1, "maxLength": 128,
        "allowedChars": { "lowercase": true, "uppercase": true, "numbers": true, "underscore": true },
    } });
    let refused = manager.patch(PATH, &change).await;
    let refused = refused.failed(
        409,
        "sign_in_experiences.username_policy_case_conflicts_exist",
    );
    assert_eq!(refused["data"], expected);
}

async fn passwords_are_checked_against_the_policy(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = format!("{PATH}/default/check-password");
    let check = async |password: &str| {
        let body = json!({ "password": password, "userId": ANN });
        manager.post(&path, &body).await
    };
    assert_eq!(
        check("correct horse battery").await.with(200),
        json!({ "result": true })
    );
    assert_eq!(
        check("short").await.with(400),
        json!({ "result": false, "issues": [{ "code": "password_rejected.too_short", "interpolation": { "min": 8 } }] })
    );
    let own = check("ann lee ann").await.with(400);
    assert_eq!(
        own["issues"][0]["code"],
        "password_rejected.restricted.user_info"
    );
    manager
        .post(&path, &json!({ "password": "x" }))
        .await
        .failed(400, "request.invalid_input");
    manager
        .post(&path, &json!({ "password": "x", "userId": "none" }))
        .await
        .failed(404, "entity.not_found");
}

async fn the_account_center_is_changed(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/account-center";
    let before = manager.get(path).await.with(200);
    assert_eq!(
        (&before["id"], &before["enabled"]),
        (&json!("default"), &json!(false))
    );
    let change = json!({ "enabled": true, "fields": { "name": "Edit", "trustedDevice": "Off" } });
    let after = manager.patch(path, &change).await.with(200);
    assert_eq!(
        after["fields"],
        json!({ "name": "Edit", "trustedDevice": "Off" })
    );
    assert_eq!(manager.get(path).await.with(200), after);
    for wrong in [
        json!({ "fields": { "name": "Write" } }),
        json!({ "deleteAccountUrl": "ftp://a" }),
        json!({ "enabled": 1 }),
    ] {
        manager
            .patch(path, &wrong)
            .await
            .failed(400, "guard.invalid_input");
    }
    assert_eq!(manager.get(path).await.with(200), after);
}

async fn a_captcha_provider_is_set_up_and_removed(db: TestDb) {
    let manager = Manager::start(db).await;
    let path = "/captcha-provider";
    manager.get(path).await.failed(404, "entity.not_found");
    manager.delete(path).await.failed(404, "entity.not_found");
    let mut config = json!({ "type": "Turnstile", "siteKey": "s", "secretKey": "hush" });
    let first = manager
        .put(path, &json!({ "config": config }))
        .await
        .with(200);
    config["secretKey"] = json!("••••••••");
    assert_eq!(first["config"], config);
    let config = json!({ "type": "RecaptchaEnterprise", "siteKey": "s", "secretKey": "hush", "projectId": "p", "mode": "checkbox" });
    let second = manager
        .put(path, &json!({ "config": config }))
        .await
        .with(200);
    assert_eq!(second["id"], first["id"], "a tenant has one");
    assert_eq!(manager.get(path).await.with(200), second);
    for wrong in [
        json!({ "type": "Riddle" }),
        json!({ "type": "Turnstile", "siteKey": "s" }),
    ] {
        manager
            .put(path, &json!({ "config": wrong }))
            .await
            .failed(400, "guard.invalid_input");
    }
    manager
        .patch(PATH, &json!({ "captchaPolicy": { "enabled": true } }))
        .await
        .with(200);
    manager.delete(path).await.with(204);
    let experience = manager.get(PATH).await.with(200);
    assert_eq!(experience["captchaPolicy"], json!({ "enabled": false }));
}
