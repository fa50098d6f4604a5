//! `subject_tokens`: tokens with which an operator's program acts for a user once, by the hash of their text.

use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Tx, on},
    error::StoreError,
    json,
};

/// A token that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct SubjectToken {
    /// Whom it stands for.
    pub user_id: String,
    /// Who asked for it: a user or an application.
    pub creator_id: String,
    /// What the scripts for custom claims are told.
    pub context: Map<String, Value>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
}

/// Remembers a token. Fails with [`StoreError::Dangling`] when there is no such user.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    token: &SubjectToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO subject_tokens (tenant_id, hash, user_id, creator_id, context, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let context = json::write("subject_tokens.context", &token.context)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(hash).bind(&token.user_id).bind(&token.creator_id).bind(context)
        .bind(token.created_at.0).bind(token.expires_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Uses the token up. One guarded statement: of racing requests exactly one gets it; `None` when it is unknown, used or expired.
pub async fn take(
    tx: &mut Tx,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Option<SubjectToken>, StoreError> {
    const SQL: &str = "UPDATE subject_tokens SET used_at = $3 \
        WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3 \
        RETURNING user_id, creator_id, context, created_at, expires_at";
    let row: Option<(String, String, String, i64, i64)> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?;
    row.map(|(user_id, creator_id, context, created_at, expires_at)| {
        Ok(SubjectToken {
            user_id,
            creator_id,
            context: json::read("subject_tokens.context", &context)?,
            created_at: Time(created_at),
            expires_at: Time(expires_at),
        })
    })
    .transpose()
}
