//! `consents`: what people allowed third-party applications for good.

use protocol::{record::Consent, scope::ScopeSet, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// What the user has allowed the application.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    application_id: &str,
) -> Result<Option<Consent>, StoreError> {
    const SQL: &str = "SELECT scope, resources FROM consents \
        WHERE tenant_id = $1 AND user_id = $2 AND application_id = $3";
    let row: Option<(String, String)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).bind(application_id).fetch_optional(conn).await)?;
    row.map(|(scope, resources)| {
        Ok(Consent {
            scope: ScopeSet::parse(&scope),
            resources: json::read("consents.resources", &resources)?,
        })
    })
    .transpose()
}

/// Writes what the user allows the application from now on.
pub async fn upsert(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    application_id: &str,
    consent: &Consent,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO consents (tenant_id, user_id, application_id, scope, resources, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, user_id, application_id) DO UPDATE \
        SET scope = excluded.scope, resources = excluded.resources, updated_at = excluded.updated_at";
    let resources = json::write("consents.resources", &consent.resources)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(user_id).bind(application_id)
        .bind(consent.scope.to_string()).bind(resources).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets what the user allowed the application; `false` when there was nothing.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    application_id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM consents WHERE tenant_id = $1 AND user_id = $2 AND application_id = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(application_id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
