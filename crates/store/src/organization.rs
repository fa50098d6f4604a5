//! `organizations`: groups of people and applications with roles of their own.

use protocol::time::Time;
use serde_json::{Map, Value};

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
    search::{Field, Search},
    statement::{Listed, Page, Statement},
    user::key,
};

/// What organizations are searched by.
pub const FIELDS: [Field; 2] = [Field::plain("id"), Field::keyed("name", "name_key")];

/// A group of people and applications.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// 12 lower-case letters and digits; at most 21.
    pub id: String,
    /// What people see it called.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// What administrators store.
    pub custom_data: Map<String, Value>,
    /// Whether its members need a second factor.
    pub is_mfa_required: bool,
    /// Colours that sign-in pages show instead of the tenant's.
    pub color: Map<String, Value>,
    /// Logos that sign-in pages show instead of the tenant's.
    pub branding: Map<String, Value>,
    /// A style sheet that sign-in pages use beside the tenant's.
    pub custom_css: Option<String>,
    /// When it was made.
    pub created_at: Time,
}

/// Remembers an organization.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    organization: &Organization,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO organizations (tenant_id, id, name, name_key, description, custom_data, \
        is_mfa_required, color, branding, custom_css, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let Organization {
        id,
        name,
        description,
        is_mfa_required,
        custom_css,
        created_at,
        ..
    } = organization;
    let [custom_data, color, branding] = documents(organization)?;
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(name).bind(key(name)).bind(description).bind(custom_data)
        .bind(is_mfa_required).bind(color).bind(branding).bind(custom_css).bind(created_at.0)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes everything of an organization but its age; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    organization: &Organization,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE organizations SET name = $3, name_key = $4, description = $5, custom_data = $6, \
        is_mfa_required = $7, color = $8, branding = $9, custom_css = $10 WHERE tenant_id = $1 AND id = $2";
    let Organization {
        id,
        name,
        description,
        is_mfa_required,
        custom_css,
        ..
    } = organization;
    let [custom_data, color, branding] = documents(organization)?;
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(id).bind(name).bind(key(name)).bind(description).bind(custom_data)
        .bind(is_mfa_required).bind(color).bind(branding).bind(custom_css)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets an organization with its memberships; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM organizations WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The tenant's organizations by name.
pub async fn list(source: impl Source, tenant_id: &str) -> Result<Vec<Organization>, StoreError> {
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" ORDER BY name, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().map(Row::into_organization).collect()
}

/// The organization with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Organization>, StoreError> {
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" AND id = ").bind(id);
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter()
        .next()
        .map(Row::into_organization)
        .transpose()
}

/// Who belongs to an organization, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// How many people.
    pub users: i64,
    /// The first three: id, picture and name.
    pub first_users: Vec<(String, Option<String>, Option<String>)>,
}

/// Who belongs to an organization.
pub async fn members(db: &Db, tenant_id: &str, id: &str) -> Result<Members, StoreError> {
    const USERS: &str =
        "SELECT COUNT(*) FROM organization_users WHERE tenant_id = $1 AND organization_id = $2";
    const FIRST_USERS: &str = "SELECT u.id, u.avatar, u.name FROM organization_users ou \
        JOIN users u ON u.tenant_id = ou.tenant_id AND u.id = ou.user_id \
        WHERE ou.tenant_id = $1 AND ou.organization_id = $2 ORDER BY ou.user_id LIMIT 3";
    Ok(Members {
        users: on!(db, conn => sqlx::query_scalar(USERS)
            .bind(tenant_id).bind(id).fetch_one(conn).await)?,
        first_users: on!(db, conn => sqlx::query_as(FIRST_USERS)
            .bind(tenant_id).bind(id).fetch_all(conn).await)?,
    })
}

/// Which organizations are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// What they are searched for by.
    pub search: Search,
    /// Only those that this user belongs to.
    pub of_user: Option<&'a str>,
    /// Only those that this application acts in.
    pub of_application: Option<&'a str>,
    /// Only those that this third-party application may act in for this user.
    pub let_in: Option<(&'a str, &'a str)>,
}

/// A page of organizations, newest first.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Listed<Organization>, StoreError> {
    let filtered = |columns: &str| {
        let mut statement = matching(tenant_id, columns);
        for (table, column, id) in [
            ("organization_users", "user_id", wanted.of_user),
            (
                "organization_applications",
                "application_id",
                wanted.of_application,
            ),
        ] {
            let Some(id) = id else { continue };
            statement
                .push(" AND id IN (SELECT organization_id FROM ")
                .push(table);
            statement.push(" WHERE tenant_id = ").bind(tenant_id);
            statement
                .push(" AND ")
                .push(column)
                .push(" = ")
                .bind(id)
                .push(")");
        }
        if let Some((application, user)) = wanted.let_in {
            statement.push(
                " AND id IN (SELECT organization_id FROM application_user_consent_organizations WHERE tenant_id = ",
            );
            statement
                .bind(tenant_id)
                .push(" AND application_id = ")
                .bind(application);
            statement.push(" AND user_id = ").bind(user).push(")");
        }
        wanted.search.push(&mut statement, db);
        statement
    };
    let mut rows = filtered(COLUMNS);
    rows.push(" ORDER BY created_at DESC, id DESC").page(page);
    let rows: Vec<Row> = rows.all(db).await?;
    Ok(Listed {
        rows: rows
            .into_iter()
            .map(Row::into_organization)
            .collect::<Result<_, _>>()?,
        total: filtered("COUNT(*)").number(db).await?,
    })
}

const COLUMNS: &str =
    "id, name, description, custom_data, is_mfa_required, color, branding, custom_css, created_at";

fn matching(tenant_id: &str, columns: &str) -> Statement {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(columns)
        .push(" FROM organizations WHERE tenant_id = ")
        .bind(tenant_id);
    statement
}

fn documents(organization: &Organization) -> Result<[String; 3], StoreError> {
    Ok([
        json::write("organizations.custom_data", &organization.custom_data)?,
        json::write("organizations.color", &organization.color)?,
        json::write("organizations.branding", &organization.branding)?,
    ])
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    description: Option<String>,
    custom_data: String,
    is_mfa_required: bool,
    color: String,
    branding: String,
    custom_css: Option<String>,
    created_at: i64,
}

impl Row {
    fn into_organization(self) -> Result<Organization, StoreError> {
        Ok(Organization {
            id: self.id,
            name: self.name,
            description: self.description,
            custom_data: json::read("organizations.custom_data", &self.custom_data)?,
            is_mfa_required: self.is_mfa_required,
            color: json::read("organizations.color", &self.color)?,
            branding: json::read("organizations.branding", &self.branding)?,
            custom_css: self.custom_css,
            created_at: Time(self.created_at),
        })
    }
}
