//! What webhooks are told of sign-ins, and what the audit log keeps of them (`contract/logto-core.md` §9).

use std::collections::HashSet;

use protocol::secret::Secret;
use serde_json::{Value, json};
use server::job;
use store::{
    Page,
    hook::{Hook, HookConfig},
    log::Wanted,
};

use crate::{
    fixture::{Form, PASSWORD, REQUEST, experience, furnish, is_signed_in, try_to_sign_in},
    receiver::{Call, Receiver},
    support::{ANN, Browser, TestServer},
};

const KEY: &str = "the key of the hook";

/// A server with a hook that wants these events.
pub(crate) async fn world(events: &[&str]) -> (TestServer, Receiver) {
    let variables = [("HUFU_OUTBOUND_ALLOW", "127.0.0.1")];
    let server = furnish(TestServer::for_browsers_with(&variables).await).await;
    let receiver = listen(&server, events).await;
    (server, receiver)
}

/// Adds a hook that wants these events.
pub(crate) async fn listen(server: &TestServer, events: &[&str]) -> Receiver {
    let receiver = Receiver::start().await;
    let hook = Hook {
        id: "hook".to_owned(),
        name: String::new(),
        event: None,
        events: events.iter().map(ToString::to_string).collect(),
        config: HookConfig {
            url: receiver.url.clone(),
            ..HookConfig::default()
        },
        signing_key: Secret::new(KEY),
        enabled: true,
        created_at: server.now(),
    };
    let mut tx = server.app.db().begin().await.unwrap();
    store::hook::insert(&mut tx, server.app.vault(), "default", &hook)
        .await
        .unwrap();
    server.app.commit(tx).await.unwrap();
    receiver
}

pub(crate) async fn told(server: &TestServer, receiver: &Receiver) -> Vec<Call> {
    job::hook::once(&server.app).await.unwrap();
    receiver.calls()
}

/// The audit log, oldest first.
async fn logs(server: &TestServer) -> Vec<Value> {
    server.app.audit().flush(&server.app).await.unwrap();
    let page = Page {
        limit: 100,
        offset: 0,
    };
    let listed = store::log::page(server.app.db(), "default", Wanted::default(), page, 1000);
    let mut rows = listed.await.unwrap().rows;
    rows.reverse();
    rows.iter()
        .map(|log| serde_json::from_str(&log.payload).unwrap())
        .collect()
}

fn members(value: &Value) -> HashSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[tokio::test]
async fn a_sign_in_is_told_with_the_person_and_the_application() {
    let (server, receiver) = world(&["PostSignIn", "PostRegister", "User.Data.Updated"]).await;
    assert!(!is_signed_in(
        &try_to_sign_in(&mut Browser::new(&server), "ann", "wrong").await
    ));
    assert!(
        told(&server, &receiver).await.is_empty(),
        "nobody signed in"
    );
    assert!(is_signed_in(
        &try_to_sign_in(&mut Browser::new(&server), "ann", PASSWORD).await
    ));
    let [call] = told(&server, &receiver).await.try_into().unwrap();
    assert!(call.is_signed_with(KEY));
    let body = &call.body;
    assert_eq!(
        members(body),
        HashSet::from([
            "hookId",
            "event",
            "createdAt",
            "interactionEvent",
            "sessionId",
            "userAgent",
            "userIp",
            "userId",
            "user",
            "application",
        ])
    );
    assert_eq!(body["event"], "PostSignIn");
    assert_eq!(body["interactionEvent"], "SignIn");
    assert_eq!(body["userIp"], "127.0.0.1");
    assert_eq!(body["userId"], ANN);
    assert_eq!(
        members(&body["user"]),
        HashSet::from([
            "id",
            "username",
            "primaryEmail",
            "primaryPhone",
            "name",
            "avatar",
            "customData",
            "identities",
            "lastSignInAt",
            "createdAt",
            "updatedAt",
            "profile",
            "applicationId",
            "cimdClientId",
            "isSuspended",
        ])
    );
    assert_eq!(body["user"]["lastSignInAt"], server.now().as_millis());
    assert_eq!(body["application"]["id"], "chat");
    assert_eq!(body["application"]["type"], "Traditional");
    assert!(
        !call.raw.windows(7).any(|bytes| bytes == b"$argon2"),
        "no password"
    );
}

#[tokio::test]
async fn a_registration_is_told_as_one() {
    let (server, receiver) = world(&["PostSignIn", "PostRegister", "User.Created"]).await;
    let mut browser = Browser::new(&server);
    let form = Form::begin(&mut browser, &format!("{REQUEST}&first_screen=register")).await;
    let fields = [("username", "newcomer"), ("password", "seven lanterns")];
    assert!(is_signed_in(&form.send(&mut browser, &fields).await));
    let calls = told(&server, &receiver).await;
    let events: Vec<_> = calls.iter().map(|call| &call.body["event"]).collect();
    assert_eq!(events, ["User.Created", "PostRegister"]);
    let (created, registered) = (&calls[0].body, &calls[1].body);
    assert_eq!(
        members(created),
        HashSet::from([
            "hookId",
            "event",
            "createdAt",
            "ip",
            "userAgent",
            "interactionEvent",
            "sessionId",
            "applicationId",
            "application",
            "data",
        ])
    );
    assert_eq!(created["data"]["username"], "newcomer");
    assert_eq!(created["data"], registered["user"]);
    assert_eq!(created["interactionEvent"], "Register");
    assert_eq!(registered["userId"], created["data"]["id"]);
    let keys: Vec<_> = logs(&server)
        .await
        .iter()
        .map(|log| log["key"].clone())
        .collect();
    assert_eq!(keys, ["Interaction.Create", "Interaction.Register.Submit"]);
}

#[tokio::test]
async fn a_lock_is_told_once() {
    let (server, receiver) = world(&["Identifier.Lockout"]).await;
    let policy = json!({ "maxAttempts": 3, "lockoutDuration": 60 });
    experience(&server, json!({ "sentinelPolicy": policy })).await;
    let mut browser = Browser::new(&server);
    for _ in 0..5 {
        try_to_sign_in(&mut browser, "ann@example.com", "wrong").await;
    }
    let [call] = told(&server, &receiver).await.try_into().unwrap();
    assert_eq!(call.body["event"], "Identifier.Lockout");
    assert_eq!(call.body["type"], "email");
    assert_eq!(call.body["value"], "ann@example.com");
    let codes: Vec<_> = logs(&server)
        .await
        .iter()
        .filter(|log| log["key"] == "Interaction.SignIn.Verification.Password.Submit")
        .map(|log| log["error"]["code"].as_str().unwrap().to_owned())
        .collect();
    let (wrong, locked) = (
        "session.invalid_credentials",
        "session.verification_blocked_too_many_attempts",
    );
    assert_eq!(codes, [wrong, wrong, locked, locked, locked]);
}

#[tokio::test]
async fn a_sign_in_is_logged_step_by_step_and_without_secrets() {
    let (server, _) = world(&[]).await;
    let mut browser = Browser::new(&server);
    try_to_sign_in(&mut browser, "ann", "not my password").await;
    try_to_sign_in(&mut browser, "my password in the wrong field", "x").await;
    let form = Form::begin(
        &mut browser,
        &format!("{REQUEST}&prompt=login&nonce=geheim&login_hint=geheim"),
    )
    .await;
    let signed_in = form.sign_in(&mut browser, "ann", PASSWORD).await;
    let back = browser.get(signed_in.location()).await;
    assert!(back.location().contains("code="), "{}", back.location());
    let (_, code) = back.location().split_once("code=").unwrap();
    let code = code.split('&').next().unwrap();

    let logs = logs(&server).await;
    let told = |log: &Value| {
        let text = |name: &str| log[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text("key"), text("result"), text("userId"))
    };
    let lines: Vec<_> = logs.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "Interaction.Create Success -",
            "Interaction.SignIn.Verification.Password.Submit Error ann123456789",
            "Interaction.Create Success -",
            "Interaction.SignIn.Verification.Password.Submit Error -",
            "Interaction.Create Success -",
            "Interaction.SignIn.Verification.Password.Submit Success ann123456789",
            "Interaction.SignIn.Submit Success ann123456789",
            "Interaction.End Success -",
        ]
    );
    let last: HashSet<_> = logs[4..]
        .iter()
        .map(|log| log["sessionId"].as_str().unwrap())
        .collect();
    assert_eq!(last.len(), 1, "one sign-in");
    assert!(logs.iter().all(|log| log["applicationId"] == "chat"));
    for log in &logs {
        let text = log.to_string();
        let cookies = browser.cookies.values().map(String::as_str);
        let secrets = [
            "not my password",
            "wrong field",
            PASSWORD,
            code,
            "geheim",
            "argon2",
        ];
        for secret in cookies.chain(secrets) {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn who_signs_in_is_active_on_that_day() {
    let (server, _) = world(&[]).await;
    assert!(is_signed_in(
        &try_to_sign_in(&mut Browser::new(&server), "ann", PASSWORD).await
    ));
    assert!(is_signed_in(
        &try_to_sign_in(&mut Browser::new(&server), "ann", PASSWORD).await
    ));
    server.app.audit().flush(&server.app).await.unwrap();
    let day = server.now().0 / 86_400;
    let active = store::daily_active_user::by_day(server.app.db(), "default", 0, day + 9);
    assert_eq!(active.await.unwrap(), [(day, 1)]);
}
