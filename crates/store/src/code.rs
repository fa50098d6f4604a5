//! `authorization_codes`: codes that were issued, by the hash of their text (RFC 6749 §4.1.2).

use protocol::{record::IssuedCode, time::Time};

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// What became of an attempt to redeem a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was unused until now; whether it has expired is for the rules to say.
    Fresh(IssuedCode),
    /// It was used before: everything its grant gave must go (RFC 6749 §4.1.2).
    Replayed {
        /// The grant.
        grant_id: String,
    },
    /// No such code.
    Unknown,
}

/// Remembers a code.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    code: &IssuedCode,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO authorization_codes \
        (tenant_id, hash, grant_id, client_id, redirect_uri, code_challenge, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(&code.grant_id).bind(&code.client_id)
        .bind(&code.redirect_uri).bind(&code.code_challenge).bind(code.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Marks the code as used and returns what it was. One guarded statement: of racing requests exactly one gets `Fresh`.
///
/// Commit whatever the rules say afterwards: a refused attempt burns the code as well.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Taken, StoreError> {
    const TAKE: &str = "UPDATE authorization_codes SET used_at = $3 \
        WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL \
        RETURNING grant_id, client_id, redirect_uri, code_challenge, expires_at";
    // Whoever ends a grant locks it before its codes and tokens. Locking the code first, PostgreSQL would find the two
    // waiting for each other; SQLite has one writer.
    const LOCK: &str = "SELECT g.id FROM grants g \
        JOIN authorization_codes c ON c.tenant_id = g.tenant_id AND c.grant_id = g.id \
        WHERE c.tenant_id = $1 AND c.hash = $2 FOR UPDATE OF g";
    const FIND: &str =
        "SELECT grant_id FROM authorization_codes WHERE tenant_id = $1 AND hash = $2";
    if let Tx::Postgres(conn) = tx {
        sqlx::query(LOCK)
            .bind(tenant_id)
            .bind(hash)
            .execute(&mut **conn)
            .await?;
    }
    let taken: Option<Row> = on!(tx, conn => sqlx::query_as(TAKE)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?;
    if let Some(row) = taken {
        return Ok(Taken::Fresh(row.into()));
    }
    let used: Option<String> = on!(tx, conn => sqlx::query_scalar(FIND)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    Ok(match used {
        Some(grant_id) => Taken::Replayed { grant_id },
        None => Taken::Unknown,
    })
}

#[derive(sqlx::FromRow)]
struct Row {
    grant_id: String,
    client_id: String,
    redirect_uri: Option<String>,
    code_challenge: Option<String>,
    expires_at: i64,
}

impl From<Row> for IssuedCode {
    fn from(row: Row) -> Self {
        Self {
            grant_id: row.grant_id,
            client_id: row.client_id,
            redirect_uri: row.redirect_uri,
            code_challenge: row.code_challenge,
            expires_at: Time(row.expires_at),
        }
    }
}
