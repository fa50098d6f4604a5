//! `refresh_tokens`: by the hash of their text; the grant is the family.

use protocol::{
    record::{Grant, IssuedRefreshToken},
    time::Time,
};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    grant,
};

/// What became of an attempt to rotate a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// This call rotated it: its successor may be inserted.
    Rotated,
    /// Another call did, then: within the grace the same successor is the answer, later the family must go.
    AlreadyRotated {
        /// When.
        rotated_at: Time,
    },
    /// No such token.
    Unknown,
}

/// Remembers a token.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    token: &IssuedRefreshToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO refresh_tokens \
        (tenant_id, hash, grant_id, client_id, family_started_at, issued_at, expires_at, rotated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(&token.grant_id).bind(&token.client_id)
        .bind(token.family_started_at.0).bind(token.issued_at.0).bind(token.expires_at.0)
        .bind(token.rotated_at.map(|time| time.0))
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The token with this hash, expired or not.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<IssuedRefreshToken>, StoreError> {
    const SQL: &str = "SELECT grant_id, client_id, family_started_at, issued_at, expires_at AS token_expires_at, \
        rotated_at FROM refresh_tokens WHERE tenant_id = $1 AND hash = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    Ok(row.map(IssuedRefreshToken::from))
}

/// The text of a query for a token and its grant, and what follows it.
macro_rules! with_grant {
    ($end:literal) => {
        concat!(
            "SELECT t.grant_id, t.client_id, t.family_started_at, t.issued_at, ",
            "t.expires_at AS token_expires_at, t.rotated_at, ",
            "g.id, g.user_id, g.application_id, g.session_id, g.scope, g.resources, g.auth_time, g.nonce, g.claims, ",
            "g.created_at, g.expires_at ",
            "FROM refresh_tokens t JOIN grants g ON g.tenant_id = t.tenant_id AND g.id = t.grant_id ",
            "WHERE t.tenant_id = $1 AND t.hash = $2",
            $end
        )
    };
}

/// The token with this hash and its grant, expired or not.
pub async fn find_with_grant(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<(IssuedRefreshToken, Grant)>, StoreError> {
    const SQL: &str = with_grant!("");
    let row: Option<WithGrant> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    row.map(WithGrant::into_pair).transpose()
}

/// The same for a request that will rotate it: others that use or end the grant wait until the transaction ends.
pub async fn lock_with_grant(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<(IssuedRefreshToken, Grant)>, StoreError> {
    // Whoever ends a grant locks it before its tokens. Locking the token first, PostgreSQL would find the two waiting
    // for each other; SQLite has one writer and no such clause.
    const SQL: &str = with_grant!(" FOR UPDATE OF g");
    match tx {
        Tx::Sqlite(_) => find_with_grant(tx, tenant_id, hash).await,
        Tx::Postgres(conn) => {
            let row: Option<WithGrant> = sqlx::query_as(SQL)
                .bind(tenant_id)
                .bind(hash)
                .fetch_optional(&mut **conn)
                .await?;
            row.map(WithGrant::into_pair).transpose()
        }
    }
}

/// Marks the token as rotated. One guarded statement: of racing requests exactly one gets `Rotated`.
pub async fn rotate(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Rotation, StoreError> {
    const ROTATE: &str = "UPDATE refresh_tokens SET rotated_at = $3 \
        WHERE tenant_id = $1 AND hash = $2 AND rotated_at IS NULL RETURNING rotated_at";
    const FIND: &str = "SELECT rotated_at FROM refresh_tokens \
        WHERE tenant_id = $1 AND hash = $2 AND rotated_at IS NOT NULL";
    let rotated: Option<i64> = on!(tx, conn => sqlx::query_scalar(ROTATE)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?;
    if rotated.is_some() {
        return Ok(Rotation::Rotated);
    }
    let before: Option<i64> = on!(tx, conn => sqlx::query_scalar(FIND)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    Ok(match before {
        Some(rotated_at) => Rotation::AlreadyRotated {
            rotated_at: Time(rotated_at),
        },
        None => Rotation::Unknown,
    })
}

#[derive(sqlx::FromRow)]
struct Row {
    grant_id: String,
    client_id: String,
    family_started_at: i64,
    issued_at: i64,
    token_expires_at: i64,
    rotated_at: Option<i64>,
}

impl From<Row> for IssuedRefreshToken {
    fn from(row: Row) -> Self {
        Self {
            grant_id: row.grant_id,
            client_id: row.client_id,
            family_started_at: Time(row.family_started_at),
            issued_at: Time(row.issued_at),
            expires_at: Time(row.token_expires_at),
            rotated_at: row.rotated_at.map(Time),
        }
    }
}

#[derive(sqlx::FromRow)]
struct WithGrant {
    #[sqlx(flatten)]
    token: Row,
    #[sqlx(flatten)]
    grant: grant::Row,
}

impl WithGrant {
    fn into_pair(self) -> Result<(IssuedRefreshToken, Grant), StoreError> {
        Ok((self.token.into(), self.grant.into_grant()?))
    }
}
