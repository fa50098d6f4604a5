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
