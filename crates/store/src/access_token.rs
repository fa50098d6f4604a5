//! `access_tokens`: opaque access tokens by the hash of their text.

use protocol::{
    record::{Grant, IssuedAccessToken},
    scope::ScopeSet,
    time::Time,
};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    grant, json,
};

/// Remembers a token.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    token: &IssuedAccessToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO access_tokens \
        (tenant_id, hash, grant_id, client_id, scope, issued_at, expires_at, custom_claims) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let custom = (!token.custom_claims.is_empty())
        .then(|| json::write("access_tokens.custom_claims", &token.custom_claims))
        .transpose()?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(&token.grant_id).bind(&token.client_id)
        .bind(token.scope.to_string()).bind(token.issued_at.0).bind(token.expires_at.0).bind(custom)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The token with this hash and its grant, expired or not.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
) -> Result<Option<(IssuedAccessToken, Grant)>, StoreError> {
    const SQL: &str = "SELECT t.grant_id, t.client_id, t.scope AS token_scope, t.issued_at, \
        t.expires_at AS token_expires_at, t.custom_claims, \
        g.id, g.user_id, g.application_id, g.session_id, g.scope, g.resources, g.auth_time, g.nonce, g.claims, \
        g.created_at, g.expires_at \
        FROM access_tokens t JOIN grants g ON g.tenant_id = t.tenant_id AND g.id = t.grant_id \
        WHERE t.tenant_id = $1 AND t.hash = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).fetch_optional(conn).await)?;
    row.map(Row::into_pair).transpose()
}

/// Ends the token alone; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, hash: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM access_tokens WHERE tenant_id = $1 AND hash = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(hash)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    grant_id: String,
    client_id: String,
    token_scope: String,
    issued_at: i64,
    token_expires_at: i64,
    custom_claims: Option<String>,
    #[sqlx(flatten)]
    grant: grant::Row,
}

impl Row {
    fn into_pair(self) -> Result<(IssuedAccessToken, Grant), StoreError> {
        let custom = self.custom_claims.as_deref();
        let custom = custom.map(|text| json::read("access_tokens.custom_claims", text));
        let token = IssuedAccessToken {
            custom_claims: custom.transpose()?.unwrap_or_default(),
            grant_id: self.grant_id,
            client_id: self.client_id,
            scope: ScopeSet::parse(&self.token_scope),
            issued_at: Time(self.issued_at),
            expires_at: Time(self.token_expires_at),
        };
        Ok((token, self.grant.into_grant()?))
    }
}
