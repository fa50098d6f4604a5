//! Accounts at social providers that belong to users.

use identity::user::SocialIdentity;
use protocol::time::Time;

use crate::{
    db::{Tx, on},
    error::StoreError,
    json,
};

/// Links an account at a social provider to the user; what was linked from the same provider gives way.
///
/// Fails with [`Conflict::Identity`](crate::Conflict::Identity) when another user has it.
pub async fn link(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    target: &str,
    identity: &SocialIdentity,
    now: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO user_identities (tenant_id, target, identity_id, user_id, details, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, user_id, target) \
        DO UPDATE SET identity_id = excluded.identity_id, details = excluded.details";
    let details = json::write("user_identities.details", &identity.details)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(target).bind(&identity.user_id).bind(user_id).bind(details).bind(now.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Takes the link away; `false` when there was none.
pub async fn unlink(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    target: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM user_identities WHERE tenant_id = $1 AND user_id = $2 AND target = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(target)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
