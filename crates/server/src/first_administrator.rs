//! The first administrator: by a link that works once, or from two variables. After that the admin tenant accepts sign-in only.

use anyhow::Result;
use identity::{password, user::User};
use protocol::{secret::Secret, time::Time};
use store::{
    Conflict, StoreError, Tx, one_time_link,
    relation::{self, ORGANIZATION_USER_ROLES, ORGANIZATION_USERS},
    seed::{ADMIN_ROLE, ADMIN_TENANT, DEFAULT_ORGANIZATION},
    user::UsernameCase,
};

use crate::{app::App, config::Administrator};

/// How long the link works, in seconds.
const LINK_LIFE: i64 = 86_400;

/// The role of administrators, besides those that everybody in the admin tenant gets (`contract/logto-core.md` §5).
const ROLE: &str = "default:admin";

/// How the first administrator comes in.
#[derive(Debug)]
pub enum Welcome {
    /// Through this address.
    Link(String),
    /// From `HUFU_ADMIN_USERNAME`: the user name.
    Created(String),
    /// There is one, or nobody can reach the admin tenant.
    NotNeeded,
}

/// Makes the administrator that the variables name, or a new link, unless there is one.
///
/// # Errors
/// When the database fails or the variables name somebody who cannot be.
pub async fn prepare(app: &App) -> Result<Welcome> {
    if store::user::count(app.db(), ADMIN_TENANT).await? > 0 {
        return Ok(Welcome::NotNeeded);
    }
    if let Some(administrator) = &app.config().administrator {
        return from_variables(app, administrator).await;
    }
    let Some(tenant) = app.tenant(ADMIN_TENANT) else {
        return Ok(Welcome::NotNeeded);
    };
    let token = app.random_secret();
    let mut tx = app.db().begin().await?;
    one_time_link::insert(
        &mut tx,
        ADMIN_TENANT,
        &token.hash(),
        one_time_link::FIRST_ADMINISTRATOR,
        app.now().plus(LINK_LIFE),
    )
    .await?;
    tx.commit().await?;
    Ok(Welcome::Link(format!(
        "{}/setup?token={}",
        tenant.endpoint,
        token.reveal()
    )))
}

async fn from_variables(app: &App, administrator: &Administrator) -> Result<Welcome> {
    let (text, salt) = (administrator.password.clone(), app.random_bytes());
    let hashed = app
        .hashes()
        .run(move || password::hash(text.reveal(), salt))
        .await?;
    let now = app.now();
    let user = account(app.random_id(12), &administrator.username, hashed, now);
    let mut tx = app.db().begin().await?;
    match insert(&mut tx, &user).await {
        // Another server, started at the same moment over the same database, was faster.
        Err(StoreError::Conflict(Conflict::Username)) => return Ok(Welcome::NotNeeded),
        inserted => inserted?,
    }
    tx.commit().await?;
    Ok(Welcome::Created(administrator.username.clone()))
}

/// The account of an administrator.
pub fn account(
    id: String,
    username: &str,
    hashed: identity::user::StoredPassword,
    now: Time,
) -> User {
    User {
        username: Some(username.to_owned()),
        password: Some(hashed),
        ..User::new(id, now)
    }
}

/// Uses the link up and makes the administrator, both or neither. `false`: the link is used, unknown or too old, or there is an
/// administrator by now (T54).
///
/// # Errors
/// When the database fails or the user name is taken.
pub async fn redeem(
    tx: &mut Tx,
    token: &Secret,
    user: &User,
    now: Time,
) -> Result<bool, StoreError> {
    let purpose = one_time_link::FIRST_ADMINISTRATOR;
    if !one_time_link::take(tx, ADMIN_TENANT, &token.hash(), purpose, now).await? {
        return Ok(false);
    }
    if store::user::count(&mut *tx, ADMIN_TENANT).await? > 0 {
        return Ok(false);
    }
    one_time_link::delete_of_purpose(tx, ADMIN_TENANT, purpose).await?;
    insert(tx, user).await?;
    Ok(true)
}

async fn insert(tx: &mut Tx, user: &User) -> Result<(), StoreError> {
    store::user::insert(tx, ADMIN_TENANT, user, UsernameCase::Sensitive).await?;
    if let Some(role) = store::role::find_by_name(&mut *tx, ADMIN_TENANT, ROLE).await? {
        store::role::give_user(tx, ADMIN_TENANT, &user.id, &role.id).await?;
    }
    let (member, roles) = ([user.id.clone()], [ADMIN_ROLE.to_owned()]);
    let organization = DEFAULT_ORGANIZATION;
    if store::organization::find(&mut *tx, ADMIN_TENANT, organization)
        .await?
        .is_some()
    {
        let parent = [organization];
        relation::add(tx, ORGANIZATION_USERS, ADMIN_TENANT, &parent, &member).await?;
        let parent = [organization, &user.id];
        relation::add(tx, ORGANIZATION_USER_ROLES, ADMIN_TENANT, &parent, &roles).await?;
    }
    Ok(())
}
