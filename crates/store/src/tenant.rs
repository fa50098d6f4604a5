//! `tenants`.

use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    snapshot,
};

/// Makes a tenant; `false` when it exists.
pub async fn insert(tx: &mut Tx, id: &str, now: Time) -> Result<bool, StoreError> {
    const SQL: &str =
        "INSERT INTO tenants (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(id).bind(now.0)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The ids of all tenants.
pub async fn list(source: impl Source) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT id FROM tenants ORDER BY id";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).fetch_all(conn).await)?)
}
