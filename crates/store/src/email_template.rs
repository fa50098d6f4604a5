//! `email_templates`: the tenant's own messages, by language and occasion.

use identity::message::{Template, TemplateType};
use protocol::time::Time;

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json,
    statement::Statement,
};

/// A message of the tenant's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailTemplate {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// Its language, such as `pt-BR`.
    pub language_tag: String,
    /// Its occasion.
    pub template_type: TemplateType,
    /// What it says.
    pub details: Template,
    /// When it was made.
    pub created_at: Time,
}

/// Which templates are meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Only those of this language.
    pub language_tag: Option<&'a str>,
    /// Only those of this occasion.
    pub template_type: Option<TemplateType>,
}

impl Wanted<'_> {
    fn push(self, statement: &mut Statement, tenant_id: &str) {
        statement.push(" WHERE tenant_id = ").bind(tenant_id);
        if let Some(tag) = self.language_tag {
            statement.push(" AND language_tag = ").bind(tag);
        }
        if let Some(kind) = self.template_type {
            statement.push(" AND template_type = ").bind(kind.as_str());
        }
    }
}

const COLUMNS: &str =
    "SELECT id, language_tag, template_type, details, created_at FROM email_templates";

/// The tenant's templates, by language and occasion.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
    wanted: Wanted<'_>,
) -> Result<Vec<EmailTemplate>, StoreError> {
    let mut statement = Statement::new(COLUMNS);
    wanted.push(&mut statement, tenant_id);
    statement.push(" ORDER BY language_tag, template_type, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().map(Row::into_template).collect()
}

/// The template with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<EmailTemplate>, StoreError> {
    let mut statement = Statement::new(COLUMNS);
    Wanted::default().push(&mut statement, tenant_id);
    statement.push(" AND id = ").bind(id);
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().next().map(Row::into_template).transpose()
}

/// Makes others wait who change this template, until this transaction ends.
pub async fn lock(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<(), StoreError> {
    tx.lock(&format!("email_templates/{tenant_id}/{id}")).await
}

/// Writes a template in place of the one of its language and occasion, whose id and age stay. Returns what is there now.
pub async fn set(
    tx: &mut Tx,
    tenant_id: &str,
    template: &EmailTemplate,
) -> Result<EmailTemplate, StoreError> {
    const SQL: &str = "INSERT INTO email_templates (tenant_id, id, language_tag, template_type, details, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, language_tag, template_type) \
        DO UPDATE SET details = excluded.details \
        RETURNING id, language_tag, template_type, details, created_at";
    let details = json::write("email_templates.details", &template.details)?;
    let row: Row = on!(tx, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(&template.id).bind(&template.language_tag)
        .bind(template.template_type.as_str()).bind(details).bind(template.created_at.0)
        .fetch_one(conn).await)?;
    row.into_template()
}

/// Writes what a template says; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    id: &str,
    details: &Template,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE email_templates SET details = $3 WHERE tenant_id = $1 AND id = $2";
    let details = json::write("email_templates.details", details)?;
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id).bind(details)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets a template; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM email_templates WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets templates and returns how many there were.
pub async fn delete_all(
    tx: &mut Tx,
    tenant_id: &str,
    wanted: Wanted<'_>,
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM email_templates WHERE tenant_id = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR language_tag = $2) \
        AND (CAST($3 AS TEXT) IS NULL OR template_type = $3)";
    let kind = wanted.template_type.map(TemplateType::as_str);
    Ok(on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(wanted.language_tag).bind(kind)
        .execute(conn).await.map(|done| done.rows_affected()))?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    language_tag: String,
    template_type: String,
    details: String,
    created_at: i64,
}

impl Row {
    fn into_template(self) -> Result<EmailTemplate, StoreError> {
        let unknown = || StoreError::corrupt("email_templates.template_type", "no such occasion");
        Ok(EmailTemplate {
            id: self.id,
            language_tag: self.language_tag,
            template_type: TemplateType::named(&self.template_type).ok_or_else(unknown)?,
            details: json::read("email_templates.details", &self.details)?,
            created_at: Time(self.created_at),
        })
    }
}
