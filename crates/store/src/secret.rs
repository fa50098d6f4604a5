//! `secrets`: tokens of other providers that are kept for people.

use crate::{
    db::{Tx, on},
    error::StoreError,
};

/// Forgets the tokens; `false` when there were none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM secrets WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets the tokens that were kept for a social connector.
pub async fn delete_of_connector(
    tx: &mut Tx,
    tenant_id: &str,
    connector_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM secrets WHERE tenant_id = $1 AND connector_id = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(connector_id).execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets the tokens that were kept for an enterprise's identity provider.
pub async fn delete_of_sso_connector(
    tx: &mut Tx,
    tenant_id: &str,
    connector_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM secrets WHERE tenant_id = $1 AND sso_connector_id = $2";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(connector_id).execute(conn).await.map(drop))?;
    Ok(())
}
