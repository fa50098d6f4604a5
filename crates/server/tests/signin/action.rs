//! Scripts that have a word in sign-ins (`contract/logto-core.md` §10.2).

use identity::user::User;
use serde_json::{Value, json};

use crate::{
    fixture::{PASSWORD, is_signed_in, server, try_to_sign_in},
    support::{ANN, Browser, TestServer},
};

const FIRST: &str = "action.postFirstFactorVerification";
pub(crate) const SIGN_IN: &str = "action.postSignIn";

/// Puts an action with this body in place.
pub(crate) async fn act(server: &TestServer, key: &str, body: &str, on_error: &str) {
    let script =
        format!("const runAction = async ({{ event, environmentVariables }}) => {{ {body} }}");
    let setting = json!({ "script": script, "onExecutionError": on_error });
    let mut tx = server.app.db().begin().await.unwrap();
    store::config::set(&mut tx, "default", key, &setting)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
}

async fn find(server: &TestServer, username: &str) -> Option<User> {
    let case = store::user::UsernameCase::Sensitive;
    store::user::find_by_username(server.app.db(), "default", username, case)
        .await
        .unwrap()
}

async fn signs_in(server: &TestServer, name: &str, password: &str) -> bool {
    let mut browser = Browser::new(server);
    is_signed_in(&try_to_sign_in(&mut browser, name, password).await)
}

/// A script that knows the password of everybody: `old `, and the name.
const MIGRATE: &str = "
    const { identifier: { type, value }, user, password } = event;
    if (password !== 'old ' + value) return;
    const member = { username: 'username', email: 'primaryEmail' }[type];
    return user
        ? { action: 'updateUser', user: { customData: { seen: event } }, passwordVerified: true }
        : { action: 'createUser', user: { [member]: value, name: 'New', isSuspended: true, id: 'mine' }, passwordVerified: true };";

#[tokio::test]
async fn people_come_along_from_elsewhere_at_their_first_sign_in() {
    let server = server().await;
    assert!(!signs_in(&server, "carol", "old carol").await);
    act(&server, FIRST, MIGRATE, "block").await;
    assert!(!signs_in(&server, "carol", "new carol").await);
    assert_eq!(find(&server, "carol").await, None);
    assert!(signs_in(&server, "carol", "old carol").await);
    let carol = find(&server, "carol").await.unwrap();
    assert_eq!(carol.name.as_deref(), Some("New"));
    assert_eq!(carol.id.len(), 12);
    assert!(!carol.is_suspended);

    act(&server, FIRST, "", "block").await;
    assert!(
        signs_in(&server, "carol", "old carol").await,
        "the password is known here now"
    );
    assert!(!signs_in(&server, "carol", "new carol").await);
}

#[tokio::test]
async fn who_is_known_gets_the_password_that_the_script_vouches_for() {
    let server = server().await;
    act(&server, FIRST, MIGRATE, "block").await;
    assert!(signs_in(&server, "ann", PASSWORD).await);
    assert!(
        find(&server, "ann").await.unwrap().custom_data.is_empty(),
        "the script was not asked"
    );
    assert!(signs_in(&server, "ann", "old ann").await);
    let data = find(&server, "ann").await.unwrap().custom_data;
    assert_eq!(
        (&data["seen"]["key"], &data["seen"]["user"]["username"]),
        (&json!("PostFirstFactorVerification"), &json!("ann"))
    );
    assert_eq!(data["seen"]["user"].get("passwordDigest"), None);
    assert!(!signs_in(&server, "ann", PASSWORD).await);
    assert!(signs_in(&server, "ann", "old ann").await);
}

#[tokio::test]
async fn a_script_cannot_let_anybody_in_as_somebody_else() {
    let server = server().await;
    for body in [
        "return { action: 'createUser', user: { username: 'ann' }, passwordVerified: true }",
        "return { action: 'createUser', user: { username: 'dave', primaryEmail: 'ann@example.com' }, passwordVerified: true }",
        "return { action: 'createUser', user: { username: 'dave' } }",
        "return { action: 'updateUser', user: { id: 'ann' }, passwordVerified: true }",
        "return { action: 'createUser', user: { username: 'dave', avatar: 'none' }, passwordVerified: true }",
        "return { action: 'createUser', user: { username: 7 }, passwordVerified: true }",
        "throw new Error('no')",
        "return 'createUser'",
        "}",
    ] {
        for on_error in ["block", "allow"] {
            act(&server, FIRST, body, on_error).await;
            assert!(
                !signs_in(&server, "dave", "anything at all").await,
                "{body}"
            );
            assert_eq!(find(&server, "dave").await, None, "{body}");
        }
    }
    server.suspend(ANN).await;
    act(&server, FIRST, MIGRATE, "block").await;
    assert!(
        !signs_in(&server, "ann", "old ann").await,
        "a barred person stays out"
    );
}

#[tokio::test]
async fn t47_guesses_that_the_script_does_not_vouch_for_lock_the_account() {
    let server = server().await;
    act(&server, FIRST, MIGRATE, "block").await;
    for _ in 0..100 {
        assert!(!signs_in(&server, "carol", "wrong").await);
    }
    assert!(!signs_in(&server, "carol", "old carol").await, "locked");
    assert_eq!(find(&server, "carol").await, None);
}

#[tokio::test]
async fn a_person_who_signs_in_is_brought_up_to_date() {
    let server = server().await;
    let body = "return { action: 'updateUser', user: { name: 'Ann Two', customData: { logins: (event.user.customData.logins ?? 0) + 1 } } }";
    act(&server, SIGN_IN, body, "block").await;
    for logins in 1..=2 {
        assert!(signs_in(&server, "ann", PASSWORD).await);
        let ann = find(&server, "ann").await.unwrap();
        assert_eq!(ann.name.as_deref(), Some("Ann Two"));
        assert_eq!(ann.custom_data["logins"], logins);
        assert_eq!(ann.primary_email.as_deref(), Some("ann@example.com"));
    }
    assert!(!signs_in(&server, "ann", "wrong").await);
    assert_eq!(find(&server, "ann").await.unwrap().custom_data["logins"], 2);
}

#[tokio::test]
async fn a_failing_script_blocks_sign_ins_unless_they_are_allowed() {
    let server = server().await;
    let faults = [
        "throw new Error('no')",
        "return 1",
        "return { action: 'updateUser', user: { username: 'eve' } }",
        "return { action: 'updateUser', user: { avatar: 'none' } }",
        "return { action: 'createUser', user: {} }",
    ];
    for body in faults {
        act(&server, SIGN_IN, body, "block").await;
        let mut browser = Browser::new(&server);
        let answer = try_to_sign_in(&mut browser, "ann", PASSWORD).await;
        assert_eq!(answer.status, 500, "{body}");
        assert!(!answer.body.contains("no'"), "the cause is in the log");
        assert_eq!(server.sessions_of(ANN).await, 0, "{body}");
    }
    for body in faults {
        act(&server, SIGN_IN, body, "allow").await;
        assert!(signs_in(&server, "ann", PASSWORD).await, "{body}");
        let ann = find(&server, "ann").await.unwrap();
        assert_eq!(ann.avatar, None);
    }
    for body in ["", "return null"] {
        act(&server, SIGN_IN, body, "block").await;
        assert!(signs_in(&server, "ann", PASSWORD).await, "{body}");
    }
}

#[tokio::test]
async fn an_action_that_is_off_does_not_run() {
    let server = server().await;
    let setting: Value =
        json!({ "script": "const runAction = () => { throw 1 }", "enabled": false });
    let mut tx = server.app.db().begin().await.unwrap();
    store::config::set(&mut tx, "default", SIGN_IN, &setting)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    server.app.reload().await.unwrap();
    assert!(signs_in(&server, "ann", PASSWORD).await);
}
