//! Many users at once.

use identity::user::User;

use super::{
    UsernameCase,
    write::{delete, insert_row, is_username_taken},
};
use crate::{
    db::{Db, Tx, on},
    error::{Conflict, StoreError},
    json,
};

/// What became of one user of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The account was made.
    Taken,
    /// It was not: this is taken.
    Refused(Conflict),
}

/// Makes the accounts of one batch, and answers for each in order. A refused one does not hurt the others.
///
/// Every row runs the same prepared statement. Read, import and commit a few hundred users at a time: memory stays flat
/// whatever the length of the file, and other writers get their turn.
pub async fn import(
    tx: &mut Tx,
    tenant_id: &str,
    users: &[User],
    case: UsernameCase,
) -> Result<Vec<Imported>, StoreError> {
    const ROLES: &str =
        "SELECT id FROM roles WHERE tenant_id = $1 AND is_default AND type = 'User' ORDER BY id";
    let roles: Vec<String> = on!(tx, conn => sqlx::query_scalar(ROLES)
        .bind(tenant_id).fetch_all(conn).await)?;
    let mut outcomes = Vec::with_capacity(users.len());
    for user in users {
        outcomes.push(one(tx, tenant_id, user, case, &roles).await?);
    }
    Ok(outcomes)
}

/// Tells PostgreSQL how much there is now, after an import of tens of thousands.
///
/// What it planned while there were few users would go on reading all of them, until its own housekeeping comes by. SQLite needs no telling.
pub async fn settle(db: &Db) -> Result<(), StoreError> {
    const SQL: &str = "VACUUM (ANALYZE) users, user_identities, users_roles";
    if let Db::Postgres(pool) = db {
        sqlx::query(SQL).execute(pool).await?;
    }
    Ok(())
}

async fn one(
    tx: &mut Tx,
    tenant_id: &str,
    user: &User,
    case: UsernameCase,
    roles: &[String],
) -> Result<Imported, StoreError> {
    const ROLE: &str = "INSERT INTO users_roles (tenant_id, user_id, role_id) VALUES ($1, $2, $3)";
    if let (UsernameCase::Insensitive, Some(username)) = (case, &user.username)
        && is_username_taken(tx, tenant_id, &user.id, username).await?
    {
        return Ok(Imported::Refused(Conflict::Username));
    }
    if !insert_row(tx, tenant_id, user, false).await? {
        return Ok(Imported::Refused(why(tx, tenant_id, user).await?));
    }
    if !link_all(tx, tenant_id, user).await? {
        delete(tx, tenant_id, &user.id).await?;
        return Ok(Imported::Refused(Conflict::Identity));
    }
    for role in roles {
        on!(tx, conn => sqlx::query(ROLE).bind(tenant_id).bind(&user.id).bind(role)
            .execute(conn).await.map(drop))?;
    }
    Ok(Imported::Taken)
}

/// `false` when an identity is taken. An error would end the transaction on PostgreSQL, and the batch with it.
async fn link_all(tx: &mut Tx, tenant_id: &str, user: &User) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO user_identities (tenant_id, target, identity_id, user_id, details, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    for (target, identity) in &user.identities {
        let details = json::write("user_identities.details", &identity.details)?;
        let rows = on!(tx, conn => sqlx::query(SQL)
            .bind(tenant_id).bind(target).bind(&identity.user_id).bind(&user.id).bind(details)
            .bind(user.created_at.0)
            .execute(conn).await.map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What of a refused user is taken. The tenant stands in every branch: only then does SQLite use an index for each,
/// instead of reading all users.
async fn why(tx: &mut Tx, tenant_id: &str, user: &User) -> Result<Conflict, StoreError> {
    const SQL: &str = "SELECT id = $2, COALESCE(username = $3, FALSE), COALESCE(primary_email_key = $4, FALSE) \
        FROM users WHERE (tenant_id = $1 AND id = $2) OR (tenant_id = $1 AND username = $3) \
        OR (tenant_id = $1 AND primary_email_key = $4) OR (tenant_id = $1 AND primary_phone = $5) LIMIT 1";
    let row: Option<(bool, bool, bool)> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(&user.id).bind(&user.username)
        .bind(user.primary_email.as_deref().map(super::key)).bind(&user.primary_phone)
        .fetch_optional(conn).await)?;
    Ok(match row {
        Some((_, true, _)) => Conflict::Username,
        Some((_, _, true)) => Conflict::Email,
        Some((false, false, false)) => Conflict::Phone,
        _ => Conflict::Id,
    })
}
