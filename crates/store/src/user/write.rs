//! Writing users.

use identity::user::{StoredPassword, User};
use protocol::time::Time;
use serde_json::{Map, Value};

use super::{UsernameCase, identity::link, key};
use crate::{
    db::{Tx, on},
    error::{Conflict, StoreError},
    grant, json, session,
};

/// Makes the account, with its identities and the tenant's default roles.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    user: &User,
    case: UsernameCase,
) -> Result<(), StoreError> {
    const ROLES: &str = "INSERT INTO users_roles (tenant_id, user_id, role_id) \
        SELECT tenant_id, $2, id FROM roles WHERE tenant_id = $1 AND is_default AND type = 'User'";
    if let Some(username) = &user.username {
        reserve_username(tx, tenant_id, &user.id, username, case).await?;
    }
    insert_row(tx, tenant_id, user, true).await?;
    for (target, identity) in &user.identities {
        link(tx, tenant_id, &user.id, target, identity, user.created_at).await?;
    }
    on!(tx, conn => sqlx::query(ROLES).bind(tenant_id).bind(&user.id)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes the row; when something of it is taken, fails if `strict` and returns `false` if not.
pub(super) async fn insert_row(
    tx: &mut Tx,
    tenant_id: &str,
    user: &User,
    strict: bool,
) -> Result<bool, StoreError> {
    const STRICT: &str = "INSERT INTO users (tenant_id, id, username, username_key, primary_email, \
        primary_email_key, primary_phone, password_digest, password_algorithm, password_updated_at, name, name_key, \
        avatar, profile, custom_data, application_id, cimd_client_id, is_suspended, last_sign_in_at, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    const LENIENT: &str = "INSERT INTO users (tenant_id, id, username, username_key, primary_email, \
        primary_email_key, primary_phone, password_digest, password_algorithm, password_updated_at, name, name_key, \
        avatar, profile, custom_data, application_id, cimd_client_id, is_suspended, last_sign_in_at, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
        ON CONFLICT DO NOTHING";
    let profile = json::write("users.profile", &user.profile)?;
    let custom_data = json::write("users.custom_data", &user.custom_data)?;
    let password = user.password.as_ref();
    let rows = on!(tx, conn => sqlx::query(if strict { STRICT } else { LENIENT })
        .bind(tenant_id).bind(&user.id)
        .bind(&user.username).bind(user.username.as_deref().map(key))
        .bind(&user.primary_email).bind(user.primary_email.as_deref().map(key))
        .bind(&user.primary_phone)
        .bind(password.map(|password| &password.digest))
        .bind(password.map(|password| &password.algorithm))
        .bind(password.map(|_| user.created_at.0))
        .bind(&user.name).bind(user.name.as_deref().map(key))
        .bind(&user.avatar).bind(profile).bind(custom_data).bind(&user.application_id)
        .bind(&user.cimd_client_id).bind(user.is_suspended).bind(user.last_sign_in_at.map(|time| time.0))
        .bind(user.created_at.0).bind(user.updated_at.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// What becomes of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It becomes this.
    To(T),
}

impl<T> Change<T> {
    const fn is_made(&self) -> bool {
        matches!(self, Self::To(_))
    }

    fn value(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::To(value) => Some(value),
        }
    }
}

/// What becomes of an account's fields; `None` empties one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// User name.
    pub username: Change<Option<String>>,
    /// Primary e-mail address.
    pub primary_email: Change<Option<String>>,
    /// Primary phone number.
    pub primary_phone: Change<Option<String>>,
    /// Display name.
    pub name: Change<Option<String>>,
    /// Address of a picture.
    pub avatar: Change<Option<String>>,
    /// Standard claims, as a whole.
    pub profile: Change<Map<String, Value>>,
    /// What applications store, as a whole.
    pub custom_data: Change<Map<String, Value>>,
}

/// Changes an account and leaves the rest as it is; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    changes: &Changes,
    case: UsernameCase,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE users SET updated_at = $3, \
        username = CASE WHEN $4 THEN $5 ELSE username END, \
        username_key = CASE WHEN $4 THEN $6 ELSE username_key END, \
        primary_email = CASE WHEN $7 THEN $8 ELSE primary_email END, \
        primary_email_key = CASE WHEN $7 THEN $9 ELSE primary_email_key END, \
        primary_phone = CASE WHEN $10 THEN $11 ELSE primary_phone END, \
        name = CASE WHEN $12 THEN $13 ELSE name END, \
        name_key = CASE WHEN $12 THEN $14 ELSE name_key END, \
        avatar = CASE WHEN $15 THEN $16 ELSE avatar END, \
        profile = COALESCE($17, profile), custom_data = COALESCE($18, custom_data) \
        WHERE tenant_id = $1 AND id = $2";
    if let Change::To(Some(username)) = &changes.username {
        reserve_username(tx, tenant_id, id, username, case).await?;
    }
    let text = |change: &Change<Option<String>>| change.value().cloned().flatten();
    let (username, email, name) = (
        text(&changes.username),
        text(&changes.primary_email),
        text(&changes.name),
    );
    let map = |column, change: &Change<Map<String, Value>>| {
        change
            .value()
            .map(|map| json::write(column, map))
            .transpose()
    };
    let profile = map("users.profile", &changes.profile)?;
    let custom_data = map("users.custom_data", &changes.custom_data)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(now.0)
        .bind(changes.username.is_made()).bind(&username).bind(username.as_deref().map(key))
        .bind(changes.primary_email.is_made()).bind(&email).bind(email.as_deref().map(key))
        .bind(changes.primary_phone.is_made()).bind(text(&changes.primary_phone))
        .bind(changes.name.is_made()).bind(&name).bind(name.as_deref().map(key))
        .bind(changes.avatar.is_made()).bind(text(&changes.avatar))
        .bind(&profile).bind(&custom_data)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Gives the account a password, or takes it away; `false` when there is no account.
pub async fn set_password(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    password: Option<&StoredPassword>,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE users SET password_digest = $3, password_algorithm = $4, \
        password_updated_at = $5, is_password_expired = FALSE, updated_at = $5 WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id)
        .bind(password.map(|password| &password.digest))
        .bind(password.map(|password| &password.algorithm)).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Writes the same password under a better algorithm, unless the password has changed since `known` was read.
pub async fn rehash_password(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    known: &StoredPassword,
    better: &StoredPassword,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE users SET password_digest = $3, password_algorithm = $4 \
        WHERE tenant_id = $1 AND id = $2 AND password_digest = $5";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(&better.digest).bind(&better.algorithm).bind(&known.digest)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Bars the account, which ends its sessions and grants, or lets it in again; `false` when there is none.
pub async fn set_suspended(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    is_suspended: bool,
    now: Time,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "UPDATE users SET is_suspended = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(is_suspended).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    if is_suspended {
        session::delete_of_user(tx, tenant_id, id).await?;
        grant::delete_of_user(tx, tenant_id, id).await?;
    }
    Ok(rows > 0)
}

/// What a person signs in to.
#[derive(Clone, Copy, Debug)]
pub enum SignedInTo<'a> {
    /// A registered application.
    Application(&'a str),
    /// A client that is known by its metadata document.
    Document(&'a str),
}

/// Notes a sign-in, and what the person signed in to when it is the first that they came through.
pub async fn signed_in(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    to: SignedInTo<'_>,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE users SET last_sign_in_at = $3, \
        application_id = CASE WHEN cimd_client_id IS NULL THEN COALESCE(application_id, $4) ELSE application_id END, \
        cimd_client_id = CASE WHEN application_id IS NULL THEN COALESCE(cimd_client_id, $5) ELSE cimd_client_id END \
        WHERE tenant_id = $1 AND id = $2";
    let (application_id, cimd_client_id) = match to {
        SignedInTo::Application(id) => (Some(id), None),
        SignedInTo::Document(id) => (None, Some(id)),
    };
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(now.0)
        .bind(application_id).bind(cimd_client_id)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Makes others who change or delete the account through the API wait until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("users/{tenant_id}/{id}")).await
}

/// Deletes the account and all that belongs to it; `false` when there was none. Invitations stay without a name.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM users WHERE tenant_id = $1 AND id = $2";
    const INVITATIONS: [&str; 2] = [
        "UPDATE organization_invitations SET inviter_id = NULL WHERE tenant_id = $1 AND inviter_id = $2",
        "UPDATE organization_invitations SET accepted_user_id = NULL WHERE tenant_id = $1 AND accepted_user_id = $2",
    ];
    // The account first: whoever writes an invitation with its id at this moment has ended then.
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    for sql in INVITATIONS {
        on!(tx, conn => sqlx::query(sql).bind(tenant_id).bind(id).execute(conn).await.map(drop))?;
    }
    Ok(rows > 0)
}

/// Refuses a name that another account has in other case, where case does not matter. No index can do this: accounts
/// that were made while case mattered may stand beside each other.
async fn reserve_username(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    username: &str,
    case: UsernameCase,
) -> Result<(), StoreError> {
    if case == UsernameCase::Sensitive {
        return Ok(());
    }
    tx.lock(&format!("username {tenant_id} {}", key(username)))
        .await?;
    if is_username_taken(tx, tenant_id, id, username).await? {
        return Err(StoreError::Conflict(Conflict::Username));
    }
    Ok(())
}

pub(super) async fn is_username_taken(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    username: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "SELECT id FROM users WHERE tenant_id = $1 AND username_key = $2 AND id <> $3 LIMIT 1";
    let other: Option<String> = on!(tx, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(key(username)).bind(id).fetch_optional(conn).await)?;
    Ok(other.is_some())
}
