//! `organization_roles`: what members of any organization may be.

use std::collections::BTreeMap;

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
    relation::Relation,
    role::RoleType,
    search::{Field, Search},
    statement::{Listed, Page, Statement},
    user::key,
};

/// What organization roles are searched by.
pub const FIELDS: [Field; 3] = [
    Field::plain("id"),
    Field::keyed("name", "name_key"),
    Field::plain("description"),
];

/// What a member of an organization may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRole {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who can have it.
    pub kind: RoleType,
}

/// Remembers an organization role.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    role: &OrganizationRole,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO organization_roles (tenant_id, id, name, name_key, description, type) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&role.id).bind(&role.name).bind(key(&role.name)).bind(&role.description)
        .bind(json::name("organization_roles.type", &role.kind)?)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Writes everything of an organization role; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    role: &OrganizationRole,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE organization_roles SET name = $3, name_key = $4, description = $5, type = $6 \
        WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&role.id).bind(&role.name).bind(key(&role.name)).bind(&role.description)
        .bind(json::name("organization_roles.type", &role.kind)?)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets an organization role and takes it from everybody; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM organization_roles WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// The organization role with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<OrganizationRole>, StoreError> {
    let found = find_all(source, tenant_id, "id", &[id.to_owned()]).await?;
    Ok(found.into_iter().next())
}

/// The tenant's organization roles by name.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
) -> Result<Vec<OrganizationRole>, StoreError> {
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" ORDER BY name, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().map(Row::into_role).collect()
}

/// Those of these organization roles that exist, by name.
pub async fn find_by_ids(
    source: impl Source,
    tenant_id: &str,
    ids: &[String],
) -> Result<Vec<OrganizationRole>, StoreError> {
    find_all(source, tenant_id, "id", ids).await
}

/// Those of these organization roles that exist, by name.
pub async fn find_by_names(
    source: impl Source,
    tenant_id: &str,
    names: &[String],
) -> Result<Vec<OrganizationRole>, StoreError> {
    find_all(source, tenant_id, "name", names).await
}

async fn find_all(
    source: impl Source,
    tenant_id: &str,
    column: &str,
    values: &[String],
) -> Result<Vec<OrganizationRole>, StoreError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" AND ").push(column).push(" IN (");
    statement.bind_all(values.iter().map(String::as_str));
    statement.push(") ORDER BY name, id");
    let rows: Vec<Row> = statement.all(source).await?;
    rows.into_iter().map(Row::into_role).collect()
}

/// A page of organization roles by name.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    search: &Search,
    page: Page,
) -> Result<Listed<OrganizationRole>, StoreError> {
    let filtered = |columns: &str| {
        let mut statement = matching(tenant_id, columns);
        search.push(&mut statement, db);
        statement
    };
    let mut rows = filtered(COLUMNS);
    rows.push(" ORDER BY name, id").page(page);
    let rows: Vec<Row> = rows.all(db).await?;
    Ok(Listed {
        rows: rows
            .into_iter()
            .map(Row::into_role)
            .collect::<Result<_, _>>()?,
        total: filtered("COUNT(*)").number(db).await?,
    })
}

/// The roles, by name, that these members have in an organization, by member. `roles` says which kind of members they are.
pub async fn of_members(
    source: impl Source,
    tenant_id: &str,
    roles: Relation,
    organization_id: &str,
    members: &[&str],
) -> Result<BTreeMap<String, Vec<OrganizationRole>>, StoreError> {
    let mut held = BTreeMap::<String, Vec<OrganizationRole>>::new();
    let Some(member) = roles.last_parent().filter(|_| !members.is_empty()) else {
        return Ok(held);
    };
    let mut statement = Statement::new("SELECT h.");
    statement
        .push(member)
        .push(" AS member, r.id, r.name, r.description, r.type FROM ")
        .push(roles.table())
        .push(" h JOIN organization_roles r ON r.tenant_id = h.tenant_id AND r.id = h.organization_role_id")
        .push(" WHERE h.tenant_id = ")
        .bind(tenant_id);
    statement
        .push(" AND h.organization_id = ")
        .bind(organization_id)
        .push(" AND h.")
        .push(member)
        .push(" IN (")
        .bind_all(members.iter().copied())
        .push(") ORDER BY r.name, r.id");
    let rows: Vec<Held> = statement.all(source).await?;
    for Held { member, role } in rows {
        held.entry(member).or_default().push(role.into_role()?);
    }
    Ok(held)
}

/// The roles, by name, that come with an invitation.
pub async fn of_invitation(
    source: impl Source,
    tenant_id: &str,
    invitation_id: &str,
) -> Result<Vec<OrganizationRole>, StoreError> {
    const SQL: &str = "SELECT r.id, r.name, r.description, r.type FROM organization_invitation_roles i \
        JOIN organization_roles r ON r.tenant_id = i.tenant_id AND r.id = i.organization_role_id \
        WHERE i.tenant_id = $1 AND i.organization_invitation_id = $2 ORDER BY r.name, r.id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(invitation_id).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_role).collect()
}

/// Whether any member of any organization has the role.
pub async fn is_held(source: impl Source, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM organization_user_roles WHERE tenant_id = $1 AND organization_role_id = $2) \
        OR EXISTS (SELECT 1 FROM organization_application_roles WHERE tenant_id = $1 AND organization_role_id = $2)";
    Ok(on!(source, conn => sqlx::query_scalar(SQL).bind(tenant_id).bind(id).fetch_one(conn).await)?)
}

const COLUMNS: &str = "id, name, description, type";

fn matching(tenant_id: &str, columns: &str) -> Statement {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(columns)
        .push(" FROM organization_roles WHERE tenant_id = ")
        .bind(tenant_id);
    statement
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    description: Option<String>,
    r#type: String,
}

#[derive(sqlx::FromRow)]
struct Held {
    member: String,
    #[sqlx(flatten)]
    role: Row,
}

impl Row {
    fn into_role(self) -> Result<OrganizationRole, StoreError> {
        Ok(OrganizationRole {
            id: self.id,
            name: self.name,
            description: self.description,
            kind: json::named("organization_roles.type", self.r#type)?,
        })
    }
}
