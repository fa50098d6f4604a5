//! `custom_phrases`: the operator's own words, by language.

use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// The operator's own words in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomPhrase {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The language, such as `pt-BR`.
    pub language_tag: String,
    /// Words by nested keys.
    pub translation: Map<String, Value>,
}

/// The tenant's own words in every language that has some, by language.
pub async fn list(source: impl Source, tenant_id: &str) -> Result<Vec<CustomPhrase>, StoreError> {
    const SQL: &str = "SELECT id, language_tag, translation FROM custom_phrases \
        WHERE tenant_id = $1 ORDER BY language_tag";
    let rows: Vec<(String, String, String)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter()
        .map(|(id, language_tag, translation)| {
            Ok(CustomPhrase {
                id,
                language_tag,
                translation: json::read("custom_phrases.translation", &translation)?,
            })
        })
        .collect()
}

/// The languages for which the tenant has words of its own.
pub async fn languages(source: impl Source, tenant_id: &str) -> Result<Vec<String>, StoreError> {
    const SQL: &str =
        "SELECT language_tag FROM custom_phrases WHERE tenant_id = $1 ORDER BY language_tag";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).fetch_all(conn).await)?)
}

/// The tenant's own words in one language.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    language_tag: &str,
) -> Result<Option<CustomPhrase>, StoreError> {
    const SQL: &str =
        "SELECT id, translation FROM custom_phrases WHERE tenant_id = $1 AND language_tag = $2";
    let row: Option<(String, String)> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(language_tag).fetch_optional(conn).await)?;
    row.map(|(id, translation)| {
        Ok(CustomPhrase {
            id,
            language_tag: language_tag.to_owned(),
            translation: json::read("custom_phrases.translation", &translation)?,
        })
    })
    .transpose()
}

/// Writes the tenant's own words in one language; the id of those before stays.
pub async fn set(tx: &mut Tx, tenant_id: &str, phrase: &CustomPhrase) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO custom_phrases (tenant_id, id, language_tag, translation) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, language_tag) \
        DO UPDATE SET translation = excluded.translation";
    let translation = json::write("custom_phrases.translation", &phrase.translation)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&phrase.id).bind(&phrase.language_tag).bind(translation)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets the tenant's own words in one language; `false` when there were none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, language_tag: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM custom_phrases WHERE tenant_id = $1 AND language_tag = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(language_tag)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
