//! User names that differ in case only.

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// Names that would be one if case did not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseConflicts {
    /// How many such names there are.
    pub total: i64,
    /// Some of them in lower case, with the ids of their users.
    pub samples: Vec<(String, Vec<String>)>,
}

/// Finds names that differ in case only, and up to `limit` samples.
pub async fn case_conflicts(
    tx: &mut Tx,
    tenant_id: &str,
    limit: i64,
) -> Result<CaseConflicts, StoreError> {
    const TOTAL: &str = "SELECT COUNT(*) FROM (SELECT username_key FROM users \
        WHERE tenant_id = $1 AND username_key IS NOT NULL GROUP BY username_key HAVING COUNT(*) > 1) AS twice";
    const NAMES: &str = "SELECT username_key FROM users \
        WHERE tenant_id = $1 AND username_key IS NOT NULL GROUP BY username_key HAVING COUNT(*) > 1 \
        ORDER BY username_key LIMIT $2";
    let total = on!(tx, conn => sqlx::query_scalar(TOTAL)
        .bind(tenant_id).fetch_one(conn).await)?;
    let names: Vec<String> = on!(tx, conn => sqlx::query_scalar(NAMES)
        .bind(tenant_id).bind(limit).fetch_all(conn).await)?;
    let mut samples = Vec::with_capacity(names.len());
    for name in names {
        let ids = ids(&mut *tx, tenant_id, &name).await?;
        samples.push((name, ids));
    }
    Ok(CaseConflicts { total, samples })
}

async fn ids(source: impl Source, tenant_id: &str, name: &str) -> Result<Vec<String>, StoreError> {
    const SQL: &str =
        "SELECT id FROM users WHERE tenant_id = $1 AND username_key = $2 ORDER BY id LIMIT 100";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(name).fetch_all(conn).await)?)
}
