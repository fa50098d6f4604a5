//! `systems`: values of the whole installation.

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
};

/// The value under `key`.
pub async fn find(source: impl Source, key: &str) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT value FROM systems WHERE key = $1";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).bind(key).fetch_optional(conn).await)?)
}

/// Writes the value under `key`.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO systems (key, value) VALUES ($1, $2) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    on!(tx, conn => sqlx::query(SQL).bind(key).bind(value).execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes the value under `key` unless there is one, and returns the one that is there then.
pub async fn insert_if_missing(tx: &mut Tx, key: &str, value: &str) -> Result<String, StoreError> {
    // The update changes nothing; without it the statement would return no row.
    const SQL: &str = "INSERT INTO systems (key, value) VALUES ($1, $2) \
        ON CONFLICT (key) DO UPDATE SET value = systems.value RETURNING value";
    Ok(on!(tx, conn => sqlx::query_scalar(SQL).bind(key).bind(value).fetch_one(conn).await)?)
}

/// Forgets the value under `key`; `false` when there was none.
pub async fn delete(tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM systems WHERE key = $1";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(key)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
