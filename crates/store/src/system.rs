//! `systems`: values of the whole installation.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    vault::Vault,
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

/// The value under `key` that [`set_sealed`] wrote.
pub async fn find_sealed(
    source: impl Source,
    vault: &Vault,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let Some(value) = find(source, key).await? else {
        return Ok(None);
    };
    let sealed = STANDARD
        .decode(value)
        .map_err(|error| StoreError::corrupt("systems.value", error))?;
    let plain = vault.open(&place(key), &sealed)?;
    let text =
        str::from_utf8(&plain).map_err(|error| StoreError::corrupt("systems.value", error))?;
    Ok(Some(text.to_owned()))
}

/// Writes the value under `key`, encrypted.
pub async fn set_sealed(
    tx: &mut Tx,
    vault: &Vault,
    key: &str,
    value: &str,
) -> Result<(), StoreError> {
    let sealed = vault.seal(&place(key), value.as_bytes())?;
    set(tx, key, &STANDARD.encode(sealed)).await
}

fn place(key: &str) -> String {
    format!("systems.value {key}")
}

/// Forgets the value under `key`; `false` when there was none.
pub async fn delete(tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM systems WHERE key = $1";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(key)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
