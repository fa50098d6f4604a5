//! `sessions`: people signed in at browsers. The id is public (`sid`); the cookie proves the secret.

use protocol::{record::Session, time::Time};

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
};

/// A session is written again only when this many seconds of its life have passed.
const TOUCH_INTERVAL: i64 = 60;

/// Remembers a session.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    secret_hash: &str,
    session: &Session,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sessions \
        (tenant_id, id, secret_hash, user_id, authenticated_at, amr, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let amr = json::write("sessions.amr", &session.amr)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&session.id).bind(secret_hash).bind(&session.user_id)
        .bind(session.authenticated_at.0).bind(amr).bind(now.0).bind(session.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The session that this secret proves, unless it has ended.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    secret_hash: &str,
    now: Time,
) -> Result<Option<Session>, StoreError> {
    const SQL: &str = "SELECT id, user_id, authenticated_at, amr, expires_at FROM sessions \
        WHERE tenant_id = $1 AND secret_hash = $2 AND expires_at > $3";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(secret_hash).bind(now.0).fetch_optional(conn).await)?;
    row.map(Row::into_session).transpose()
}

/// The session with this public id, unless it has ended.
pub async fn find_by_id(
    source: impl Source,
    tenant_id: &str,
    id: &str,
    now: Time,
) -> Result<Option<Session>, StoreError> {
    const SQL: &str = "SELECT id, user_id, authenticated_at, amr, expires_at FROM sessions \
        WHERE tenant_id = $1 AND id = $2 AND expires_at > $3";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).bind(now.0).fetch_optional(conn).await)?;
    row.map(Row::into_session).transpose()
}

/// The sessions of a user that have not ended, newest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    now: Time,
) -> Result<Vec<Session>, StoreError> {
    const SQL: &str = "SELECT id, user_id, authenticated_at, amr, expires_at FROM sessions \
        WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY created_at DESC, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).bind(now.0).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_session).collect()
}

/// Lets the session live `ttl` seconds from `now` and returns when it ends. Most calls write nothing: only once a
/// minute of its life has passed does it open a transaction of its own.
pub async fn touch(
    db: &Db,
    tenant_id: &str,
    session: &Session,
    ttl: i64,
    now: Time,
) -> Result<Time, StoreError> {
    const SQL: &str = "UPDATE sessions SET expires_at = $3 \
        WHERE tenant_id = $1 AND id = $2 AND expires_at < $3";
    let expires_at = now.plus(ttl);
    if expires_at.since(session.expires_at) <= TOUCH_INTERVAL {
        return Ok(session.expires_at);
    }
    let mut tx = db.begin().await?;
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(&session.id).bind(expires_at.0)
        .execute(conn).await.map(drop))?;
    tx.commit().await?;
    Ok(expires_at)
}

/// Gives the session a new secret and writes how and when the person proved who they are; `false` when it is gone.
pub async fn rotate_secret(
    tx: &mut Tx,
    tenant_id: &str,
    session: &Session,
    secret_hash: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE sessions SET secret_hash = $4, authenticated_at = $5, amr = $6, expires_at = $7 \
        WHERE tenant_id = $1 AND id = $2 AND user_id = $3";
    let amr = json::write("sessions.amr", &session.amr)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&session.id).bind(&session.user_id).bind(secret_hash)
        .bind(session.authenticated_at.0).bind(amr).bind(session.expires_at.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends the session; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends every session of a user.
pub async fn delete_of_user(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2";
    Ok(
        on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id)
        .execute(conn).await.map(|done| done.rows_affected()))?,
    )
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: String,
    authenticated_at: i64,
    amr: String,
    expires_at: i64,
}

impl Row {
    fn into_session(self) -> Result<Session, StoreError> {
        Ok(Session {
            id: self.id,
            user_id: self.user_id,
            authenticated_at: Time(self.authenticated_at),
            amr: json::read("sessions.amr", &self.amr)?,
            expires_at: Time(self.expires_at),
        })
    }
}
