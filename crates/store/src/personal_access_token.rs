//! `personal_access_tokens`: what users give to programs of theirs. Requests are compared with the hash; the token itself
//! is encrypted, because Logto's API shows it again.

use protocol::{secret::Secret, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    vault::Vault,
};

/// A token with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalAccessToken {
    /// Unique among those of the user.
    pub name: String,
    /// The token.
    pub value: Secret,
    /// When it stops working.
    pub expires_at: Option<Time>,
    /// When it was made.
    pub created_at: Time,
}

/// Remembers a token. Fails with [`StoreError::Dangling`] when there is no such user.
pub async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    user_id: &str,
    token: &PersonalAccessToken,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO personal_access_tokens \
        (tenant_id, user_id, name, value, hash, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let sealed = vault.seal(&place(tenant_id, user_id), token.value.reveal().as_bytes())?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(user_id).bind(&token.name).bind(&sealed).bind(token.value.hash())
        .bind(token.expires_at.map(|time| time.0)).bind(token.created_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// The tokens of a user, expired ones included, oldest first.
pub async fn list(
    source: impl Source,
    vault: &Vault,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<PersonalAccessToken>, StoreError> {
    const SQL: &str = "SELECT name, value, expires_at, created_at FROM personal_access_tokens \
        WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at, name";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?;
    let opened = rows.into_iter();
    opened
        .map(|row| row.opened(vault, tenant_id, user_id))
        .collect()
}

/// Gives a token another name and returns it; `None` when there is none of this name.
pub async fn rename(
    tx: &mut Tx,
    vault: &Vault,
    tenant_id: &str,
    user_id: &str,
    name: &str,
    new_name: &str,
) -> Result<Option<PersonalAccessToken>, StoreError> {
    const SQL: &str = "UPDATE personal_access_tokens SET name = $4 WHERE tenant_id = $1 AND user_id = $2 AND name = $3 \
        RETURNING name, value, expires_at, created_at";
    let row: Option<Row> = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(user_id).bind(name).bind(new_name).fetch_optional(conn).await)?;
    row.map(|row| row.opened(vault, tenant_id, user_id))
        .transpose()
}

/// Makes a token stop working; `false` when there is none of this name.
pub async fn delete(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    name: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM personal_access_tokens WHERE tenant_id = $1 AND user_id = $2 AND name = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(name)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Whose token this is, unless it has expired.
pub async fn owner(
    source: impl Source,
    tenant_id: &str,
    hash: &str,
    now: Time,
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT user_id FROM personal_access_tokens \
        WHERE tenant_id = $1 AND hash = $2 AND (expires_at IS NULL OR expires_at > $3)";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(hash).bind(now.0).fetch_optional(conn).await)?)
}

/// A token stays readable when it is renamed, but not when its row is put elsewhere.
fn place(tenant_id: &str, user_id: &str) -> String {
    format!("personal_access_tokens.value {tenant_id} {user_id}")
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    value: Vec<u8>,
    expires_at: Option<i64>,
    created_at: i64,
}

impl Row {
    fn opened(
        self,
        vault: &Vault,
        tenant_id: &str,
        user_id: &str,
    ) -> Result<PersonalAccessToken, StoreError> {
        let plain = vault.open(&place(tenant_id, user_id), &self.value)?;
        let text = std::str::from_utf8(&plain)
            .map_err(|error| StoreError::corrupt("personal_access_tokens.value", error))?;
        Ok(PersonalAccessToken {
            name: self.name,
            value: Secret::new(text),
            expires_at: self.expires_at.map(Time),
            created_at: Time(self.created_at),
        })
    }
}
