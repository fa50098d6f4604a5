//! `one_time_tokens`: tokens of magic links. Requests are compared with the hash; the token itself is encrypted, because
//! Logto's API shows it again.

use identity::one_time_token::{OneTimeToken, Status, key};
use protocol::{secret::Secret, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
    statement::{Page, Statement},
    vault::Vault,
};

/// Which tokens a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those for this address.
    pub email: Option<String>,
    /// Those with this status at the time of the list.
    pub status: Option<Status>,
}

const COLUMNS: &str = "id, email, token, context, status, created_at, expires_at";

/// Remembers a token.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    token: &OneTimeToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO one_time_tokens \
        (tenant_id, id, email, email_key, token, hash, context, status, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let sealed = vault.seal(
        &place(tenant_id, &token.id),
        token.token.reveal().as_bytes(),
    )?;
    let context = json::write("one_time_tokens.context", &token.context)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&token.id).bind(&token.email).bind(key(&token.email)).bind(&sealed)
        .bind(token.token.hash()).bind(context).bind(token.status.as_str())
        .bind(token.created_at.0).bind(token.expires_at.0).execute(conn).await.map(drop))?;
    Ok(())
}

/// A page of tokens, the newest first.
pub async fn page(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    filter: &Filter,
    page: Page,
    now: Time,
) -> Result<Vec<OneTimeToken>, StoreError> {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(COLUMNS)
        .push(" FROM one_time_tokens WHERE tenant_id = ")
        .bind(tenant_id);
    if let Some(email) = &filter.email {
        statement.push(" AND email_key = ").bind(key(email));
    }
    match filter.status {
        Some(Status::Active) => {
            statement.push(" AND status = 'active' AND expires_at > ");
            statement.bind(now.0);
        }
        Some(Status::Expired) => {
            statement.push(" AND (status = 'expired' OR (status = 'active' AND expires_at <= ");
            statement.bind(now.0).push("))");
        }
        Some(status) => {
            statement.push(" AND status = ").bind(status.as_str());
        }
        None => {}
    }
    statement.push(" ORDER BY created_at DESC, id").page(page);
    let rows: Vec<Row> = statement.all(source).await?;
    let opened = rows.into_iter();
    opened.map(|row| row.opened(vault, tenant_id)).collect()
}

/// How many tokens the tenant has.
pub async fn count(source: impl Source, tenant_id: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM one_time_tokens WHERE tenant_id = $1";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).fetch_one(conn).await)?)
}

/// The token with this id.
pub async fn find(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    id: &str,
) -> Result<Option<OneTimeToken>, StoreError> {
    const SQL: &str = "SELECT id, email, token, context, status, created_at, expires_at \
        FROM one_time_tokens WHERE tenant_id = $1 AND id = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).fetch_optional(conn).await)?;
    row.map(|row| row.opened(vault, tenant_id)).transpose()
}

/// The token whose text has this hash.
pub async fn find_by_hash(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<OneTimeToken>, StoreError> {
    const SQL: &str = "SELECT id, email, token, context, status, created_at, expires_at \
        FROM one_time_tokens WHERE tenant_id = $1 AND hash = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    row.map(|row| row.opened(vault, tenant_id)).transpose()
}

/// Uses a token up; `true` for exactly one caller.
pub async fn take(tx: &mut Tx, tenant_id: &str, id: &str, now: Time) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE one_time_tokens SET status = 'consumed' \
        WHERE tenant_id = $1 AND id = $2 AND status = 'active' AND expires_at > $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Writes what became of a token; `false` when there is none, or when it would become active again.
pub async fn set_status(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    status: Status,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE one_time_tokens SET status = $3 \
        WHERE tenant_id = $1 AND id = $2 AND (CAST($3 AS TEXT) <> 'active' OR status = 'active')";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(status.as_str())
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets a token; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM one_time_tokens WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

fn place(tenant_id: &str, id: &str) -> String {
    format!("one_time_tokens.token {tenant_id} {id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    token: Vec<u8>,
    context: String,
    status: String,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn opened(self, vault: &Vault, tenant_id: &str) -> Result<OneTimeToken, StoreError> {
        const STATUS: &str = "one_time_tokens.status";
        let token = vault.open(&place(tenant_id, &self.id), &self.token)?;
        let token = str::from_utf8(&token)
            .map_err(|error| StoreError::corrupt("one_time_tokens.token", error))?;
        let status = Status::parse(&self.status);
        Ok(OneTimeToken {
            token: Secret::new(token),
            context: json::read("one_time_tokens.context", &self.context)?,
            status: status.ok_or_else(|| StoreError::corrupt(STATUS, self.status))?,
            id: self.id,
            email: self.email,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}
