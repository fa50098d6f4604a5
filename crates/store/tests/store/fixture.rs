//! Rows that tests need before they begin.

use std::collections::BTreeMap;

use identity::user::User;
use protocol::{
    record::{Grant, IssuedCode, IssuedRefreshToken, Session},
    scope::ScopeSet,
    time::Time,
};
use serde_json::Map;
use store::{StoreError, Tx, testing::TestDb, user::UsernameCase};

pub(crate) const TENANT: &str = "default";
pub(crate) const NOW: Time = Time(1_800_000_000);

/// Runs `work` in a transaction and commits it.
macro_rules! commit {
    ($db:expr, $tx:ident => $work:expr) => {{
        let mut $tx = $db.begin().await.unwrap();
        let value = $work.await.unwrap();
        $tx.commit().await.unwrap();
        value
    }};
}
pub(crate) use commit;

pub(crate) async fn tenant(db: &TestDb) {
    commit!(db, tx => store::tenant::insert(&mut tx, TENANT, NOW));
}

/// A tenant with the user `ann`.
pub(crate) async fn ann(db: &TestDb) {
    tenant(db).await;
    commit!(db, tx => insert(&mut tx, &user("ann")));
}

pub(crate) async fn insert(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    store::user::insert(tx, TENANT, user, UsernameCase::Sensitive).await
}

/// A user whose id and user name are `name`.
pub(crate) fn user(name: &str) -> User {
    User {
        id: name.to_owned(),
        username: Some(name.to_owned()),
        primary_email: None,
        primary_phone: None,
        password: None,
        name: None,
        avatar: None,
        profile: Map::new(),
        custom_data: Map::new(),
        application_id: None,
        cimd_client_id: None,
        is_suspended: false,
        last_sign_in_at: None,
        created_at: NOW,
        updated_at: NOW,
        identities: BTreeMap::new(),
    }
}

/// A grant of ann's from the session `s1`.
pub(crate) fn grant(id: &str, scope: &str) -> Grant {
    Grant {
        id: id.to_owned(),
        user_id: "ann".to_owned(),
        client_id: "app".to_owned(),
        session_id: Some("s1".to_owned()),
        scope: ScopeSet::parse(scope),
        resources: vec!["https://api.example.com".to_owned()],
        auth_time: NOW,
        nonce: Some("n".to_owned()),
        claims: None,
        created_at: NOW,
        expires_at: NOW.plus(1000),
    }
}

pub(crate) fn code(grant_id: &str) -> IssuedCode {
    IssuedCode {
        grant_id: grant_id.to_owned(),
        client_id: "app".to_owned(),
        redirect_uri: Some("https://app.example.com/cb".to_owned()),
        code_challenge: Some("challenge".to_owned()),
        expires_at: NOW.plus(60),
    }
}

pub(crate) fn refresh_token(grant_id: &str) -> IssuedRefreshToken {
    IssuedRefreshToken {
        grant_id: grant_id.to_owned(),
        client_id: "app".to_owned(),
        family_started_at: NOW,
        issued_at: NOW,
        expires_at: NOW.plus(1000),
        rotated_at: None,
    }
}

pub(crate) fn session(id: &str) -> Session {
    Session {
        id: id.to_owned(),
        user_id: "ann".to_owned(),
        authenticated_at: NOW,
        amr: vec!["pwd".to_owned()],
        expires_at: NOW.plus(1000),
    }
}
