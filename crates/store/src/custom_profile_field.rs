//! `custom_profile_fields`: what an operator asks people for beyond the standard profile.

use identity::profile_field::FieldType;
use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
};

/// A field of people's profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomProfileField {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// Its key in the profile or the custom data.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
    /// What people read; may be empty.
    pub label: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it may not be left empty.
    pub required: bool,
    /// Its settings.
    pub config: Map<String, Value>,
    /// Its place in the form.
    pub sie_order: i64,
    /// When it was added.
    pub created_at: Time,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    r#type: String,
    label: String,
    description: Option<String>,
    required: bool,
    config: String,
    sie_order: i64,
    created_at: i64,
}

impl TryFrom<Row> for CustomProfileField {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const KIND: &str = "custom_profile_fields.type";
        let kind = FieldType::parse(&row.r#type);
        Ok(Self {
            kind: kind.ok_or_else(|| StoreError::corrupt(KIND, row.r#type))?,
            id: row.id,
            name: row.name,
            label: row.label,
            description: row.description,
            required: row.required,
            config: json::read("custom_profile_fields.config", &row.config)?,
            sie_order: row.sie_order,
            created_at: Time(row.created_at),
        })
    }
}

/// All fields of a tenant in the order of the form.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
) -> Result<Vec<CustomProfileField>, StoreError> {
    const SQL: &str = "SELECT id, name, type, label, description, required, config, sie_order, created_at \
        FROM custom_profile_fields WHERE tenant_id = $1 ORDER BY sie_order, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter().map(CustomProfileField::try_from).collect()
}

/// The field with this name.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    name: &str,
) -> Result<Option<CustomProfileField>, StoreError> {
    const SQL: &str = "SELECT id, name, type, label, description, required, config, sie_order, created_at \
        FROM custom_profile_fields WHERE tenant_id = $1 AND name = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(name).fetch_optional(conn).await)?;
    row.map(CustomProfileField::try_from).transpose()
}

/// The place behind the last field. Others that ask wait until the transaction ends, so that no place is given twice.
pub async fn next_order(tx: &mut Tx, tenant_id: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT CAST(COALESCE(MAX(sie_order), 0) AS BIGINT) FROM custom_profile_fields \
        WHERE tenant_id = $1";
    tx.lock(&format!("custom profile fields {tenant_id}"))
        .await?;
    let last: i64 = on!(tx, conn => sqlx::query_scalar(SQL).bind(tenant_id).fetch_one(conn).await)?;
    Ok(last.saturating_add(1))
}

/// Remembers a field.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    field: &CustomProfileField,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO custom_profile_fields \
        (tenant_id, id, name, type, label, description, required, config, sie_order, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let config = json::write("custom_profile_fields.config", &field.config)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&field.id).bind(&field.name).bind(field.kind.as_str()).bind(&field.label)
        .bind(&field.description).bind(field.required).bind(config).bind(field.sie_order)
        .bind(field.created_at.0).execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes everything about a field but its id, name and age.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    field: &CustomProfileField,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE custom_profile_fields SET type = $3, label = $4, description = $5, \
        required = $6, config = $7, sie_order = $8 WHERE tenant_id = $1 AND id = $2";
    let config = json::write("custom_profile_fields.config", &field.config)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&field.id).bind(field.kind.as_str()).bind(&field.label)
        .bind(&field.description).bind(field.required).bind(config).bind(field.sie_order)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Forgets a field; `false` when there was none. What people have entered stays.
pub async fn delete(tx: &mut Tx, tenant_id: &str, name: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM custom_profile_fields WHERE tenant_id = $1 AND name = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(name)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}
