//! `grants`: what people allowed applications. Codes and tokens hang on them and go when they go.

use protocol::{record::Grant, scope::ScopeSet, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// Remembers a grant. One with `offline_access` outlives the session it came from.
pub async fn insert(tx: &mut Tx, tenant_id: &str, grant: &Grant) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO grants (tenant_id, id, user_id, application_id, session_id, scope, resources, \
        auth_time, nonce, claims, outlives_session, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let resources = json::write("grants.resources", &grant.resources)?;
    let claims = grant
        .claims
        .as_ref()
        .map(|claims| json::write("grants.claims", claims))
        .transpose()?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&grant.id).bind(&grant.user_id).bind(&grant.client_id)
        .bind(&grant.session_id).bind(grant.scope.to_string()).bind(resources)
        .bind(grant.auth_time.0).bind(&grant.nonce).bind(claims)
        .bind(grant.scope.contains("offline_access"))
        .bind(grant.created_at.0).bind(grant.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The grant with this id, unless it has ended.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
    now: Time,
) -> Result<Option<Grant>, StoreError> {
    const SQL: &str = "SELECT id, user_id, application_id, session_id, scope, resources, auth_time, nonce, claims, \
        created_at, expires_at FROM grants WHERE tenant_id = $1 AND id = $2 AND expires_at > $3";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).bind(now.0).fetch_optional(conn).await)?;
    row.map(Row::into_grant).transpose()
}

/// The grants of a user that have not ended, newest first.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    now: Time,
) -> Result<Vec<Grant>, StoreError> {
    const SQL: &str = "SELECT id, user_id, application_id, session_id, scope, resources, auth_time, nonce, claims, \
        created_at, expires_at FROM grants WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 \
        ORDER BY created_at DESC, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).bind(now.0).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_grant).collect()
}

/// The grants of a user for one application that still give something, newest first.
///
/// Until the transaction ends nobody else who asks gets an answer, so that two who each make room for one more do not both count the other out.
pub async fn lock_of_application(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    application_id: &str,
    now: Time,
) -> Result<Vec<Grant>, StoreError> {
    const SQL: &str = "SELECT g.id, g.user_id, g.application_id, g.session_id, g.scope, g.resources, g.auth_time, \
        g.nonce, g.claims, g.created_at, g.expires_at FROM grants g \
        LEFT JOIN sessions s ON s.tenant_id = g.tenant_id AND s.id = g.session_id AND s.expires_at > $4 \
        WHERE g.tenant_id = $1 AND g.user_id = $2 AND g.application_id = $3 AND g.expires_at > $4 \
        AND (g.outlives_session OR g.session_id IS NULL OR s.id IS NOT NULL) ORDER BY g.created_at DESC, g.id";
    tx.lock(&format!("grants {tenant_id} {user_id} {application_id}"))
        .await?;
    let rows: Vec<Row> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).bind(application_id).bind(now.0).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_grant).collect()
}

/// Ends the grant and everything that came of it; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM grants WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends the grants that came from a session and do not outlive it (`contract/logto-core.md` §3.14).
pub async fn delete_of_session(
    tx: &mut Tx,
    tenant_id: &str,
    session_id: &str,
) -> Result<u64, StoreError> {
    const SQL: &str =
        "DELETE FROM grants WHERE tenant_id = $1 AND session_id = $2 AND NOT outlives_session";
    Ok(
        on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(session_id)
        .execute(conn).await.map(|done| done.rows_affected()))?,
    )
}

/// Ends every grant of a user.
pub async fn delete_of_user(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM grants WHERE tenant_id = $1 AND user_id = $2";
    Ok(
        on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id)
        .execute(conn).await.map(|done| done.rows_affected()))?,
    )
}

/// The applications that were signed in to through a session: those to tell when it ends.
pub async fn applications_of_session(
    source: impl Source,
    tenant_id: &str,
    session_id: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT application_id FROM grants \
        WHERE tenant_id = $1 AND session_id = $2 ORDER BY application_id";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(session_id).fetch_all(conn).await)?)
}

/// A row, also of the queries that read a token together with its grant.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    user_id: String,
    application_id: String,
    session_id: Option<String>,
    scope: String,
    resources: String,
    auth_time: i64,
    nonce: Option<String>,
    claims: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    pub(crate) fn into_grant(self) -> Result<Grant, StoreError> {
        Ok(Grant {
            id: self.id,
            user_id: self.user_id,
            client_id: self.application_id,
            session_id: self.session_id,
            scope: ScopeSet::parse(&self.scope),
            resources: json::read("grants.resources", &self.resources)?,
            auth_time: Time(self.auth_time),
            nonce: self.nonce,
            claims: self
                .claims
                .map(|claims| json::read("grants.claims", &claims))
                .transpose()?,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}
