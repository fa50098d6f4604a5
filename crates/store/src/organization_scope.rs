//! `organization_scopes`: what members of any organization may do in it.

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    search::{Field, Search},
    snapshot,
    statement::{Listed, Page, Statement},
    user::key,
};

/// What organization scopes are searched by.
pub const FIELDS: [Field; 1] = [Field::keyed("name", "name_key")];

/// What a member of an organization may do in it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OrganizationScope {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The value in `scope`.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
}

/// Remembers an organization scope.
pub async fn insert(
    tx: &mut Tx,
    tenant_id: &str,
    scope: &OrganizationScope,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO organization_scopes (tenant_id, id, name, name_key, description) \
        VALUES ($1, $2, $3, $4, $5)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&scope.id).bind(&scope.name).bind(key(&scope.name)).bind(&scope.description)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Writes name and description of an organization scope; `false` when there is none.
pub async fn update(
    tx: &mut Tx,
    tenant_id: &str,
    scope: &OrganizationScope,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE organization_scopes SET name = $3, name_key = $4, description = $5 \
        WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&scope.id).bind(&scope.name).bind(key(&scope.name)).bind(&scope.description)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Forgets an organization scope and takes it from all roles; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM organization_scopes WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The organization scope with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<OrganizationScope>, StoreError> {
    let found = find_by_ids(source, tenant_id, &[id.to_owned()]).await?;
    Ok(found.into_iter().next())
}

/// Those of these organization scopes that exist, by name.
pub async fn find_by_ids(
    source: impl Source,
    tenant_id: &str,
    ids: &[String],
) -> Result<Vec<OrganizationScope>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" AND id IN (");
    statement.bind_all(ids.iter().map(String::as_str));
    statement.push(") ORDER BY name, id");
    statement.all(source).await
}

/// The tenant's organization scopes by name.
pub async fn list(
    source: impl Source,
    tenant_id: &str,
) -> Result<Vec<OrganizationScope>, StoreError> {
    let mut statement = matching(tenant_id, COLUMNS);
    statement.push(" ORDER BY name, id");
    statement.all(source).await
}

/// The names of the organization scopes of every tenant.
pub(crate) async fn load(source: impl Source) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, name FROM organization_scopes ORDER BY tenant_id, name";
    Ok(on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?)
}

/// A page of organization scopes by name.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    search: &Search,
    page: Page,
) -> Result<Listed<OrganizationScope>, StoreError> {
    let filtered = |columns: &str| {
        let mut statement = matching(tenant_id, columns);
        search.push(&mut statement, db);
        statement
    };
    let mut rows = filtered(COLUMNS);
    rows.push(" ORDER BY name, id").page(page);
    Ok(Listed {
        rows: rows.all(db).await?,
        total: filtered("COUNT(*)").number(db).await?,
    })
}

/// What a user may do in an organization, by name.
pub async fn of_user(
    source: impl Source,
    tenant_id: &str,
    organization_id: &str,
    user_id: &str,
) -> Result<Vec<OrganizationScope>, StoreError> {
    const SQL: &str = "SELECT DISTINCT s.id, s.name, s.description FROM organization_user_roles h \
        JOIN organization_role_scopes rs ON rs.tenant_id = h.tenant_id AND rs.organization_role_id = h.organization_role_id \
        JOIN organization_scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.organization_scope_id \
        WHERE h.tenant_id = $1 AND h.organization_id = $2 AND h.user_id = $3 ORDER BY s.name, s.id";
    Ok(on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(organization_id).bind(user_id).fetch_all(conn).await)?)
}

const COLUMNS: &str = "id, name, description";

fn matching(tenant_id: &str, columns: &str) -> Statement {
    let mut statement = Statement::new("SELECT ");
    statement
        .push(columns)
        .push(" FROM organization_scopes WHERE tenant_id = ")
        .bind(tenant_id);
    statement
}
