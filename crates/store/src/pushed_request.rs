//! `pushed_requests`: authorization requests that clients pushed (RFC 9126), by the hash of their reference.

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// A request that waits for its browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedRequest {
    /// The client that pushed it.
    pub client_id: String,
    /// Its parameters, as JSON.
    pub parameters: String,
    /// When it stops working.
    pub expires_at: Time,
}

/// Remembers a request.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    request: &PushedRequest,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO pushed_requests (tenant_id, hash, client_id, parameters, expires_at) \
        VALUES ($1, $2, $3, $4, $5)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(&request.client_id).bind(&request.parameters)
        .bind(request.expires_at.0).execute(conn).await.map(drop))?;
    Ok(())
}

/// The request with this hash, unless it was used or has expired. It stays usable.
pub async fn peek(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Option<PushedRequest>, StoreError> {
    const SQL: &str = "SELECT client_id, parameters, expires_at FROM pushed_requests \
        WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?;
    Ok(row.map(PushedRequest::from))
}

/// Uses the request up and returns it, unless it was used or has expired: of racing callers one gets it.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Option<PushedRequest>, StoreError> {
    const SQL: &str = "UPDATE pushed_requests SET used_at = $3 \
        WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3 \
        RETURNING client_id, parameters, expires_at";
    let row: Option<Row> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?;
    Ok(row.map(PushedRequest::from))
}

#[derive(sqlx::FromRow)]
struct Row {
    client_id: String,
    parameters: String,
    expires_at: i64,
}

impl From<Row> for PushedRequest {
    fn from(row: Row) -> Self {
        Self {
            client_id: row.client_id,
            parameters: row.parameters,
            expires_at: Time(row.expires_at),
        }
    }
}
