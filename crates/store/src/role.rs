//! `roles` and who has them: what users and applications may ask of APIs.

use serde::{Deserialize, Serialize};

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
    resource::{self, Scope},
    search::{Field, Search},
    snapshot,
    statement::{Listed, Page, Statement},
};

/// What roles are searched by.
pub const FIELDS: [Field; 3] = [
    Field::plain("id"),
    Field::plain("name"),
    Field::plain("description"),
];

/// How the names of roles begin that belong to the server and not to administrators.
pub const INTERNAL: &str = "#internal:";

/// Who can have a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleType {
    /// People.
    #[default]
    User,
    /// Applications that act for themselves.
    MachineToMachine,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who can have it.
    pub kind: RoleType,
    /// Whether new users get it.
    pub is_default: bool,
}

/// Remembers a role.
pub async fn insert(tx: &mut Tx, tenant_id: &str, role: &Role) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO roles (tenant_id, id, name, description, type, is_default) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&role.id).bind(&role.name).bind(&role.description)
        .bind(json::name("roles.type", &role.kind)?).bind(role.is_default)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The tenant's roles by name.
pub async fn list(source: impl Source, tenant_id: &str) -> Result<Vec<Role>, StoreError> {
    const SQL: &str = "SELECT id, name, description, type, is_default FROM roles \
        WHERE tenant_id = $1 ORDER BY name, id";
    let rows: Vec<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_role).collect()
}

/// Which roles are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// What they are searched for by.
    pub search: Search,
    /// Only roles of this kind.
    pub kind: Option<RoleType>,
    /// Only roles that this user does not have.
    pub without_user: Option<&'a str>,
    /// Only roles that this application does not have.
    pub without_application: Option<&'a str>,
    /// Only roles that this user has.
    pub of_user: Option<&'a str>,
    /// Only roles that this application has.
    pub of_application: Option<&'a str>,
}

/// A page of roles by name, without those of the server.
pub async fn page(
    db: &Db,
    tenant_id: &str,
    wanted: &Wanted<'_>,
    page: Page,
) -> Result<Listed<Role>, StoreError> {
    let kind = wanted
        .kind
        .map(|kind| json::name("roles.type", &kind))
        .transpose()?;
    let matching = |columns: &str| {
        let mut statement = Statement::new("SELECT ");
        statement
            .push(columns)
            .push(" FROM roles WHERE tenant_id = ");
        statement.bind(tenant_id);
        statement
            .push(" AND SUBSTR(name, 1, 10) <> ")
            .bind(INTERNAL);
        if let Some(kind) = &kind {
            statement.push(" AND type = ").bind(kind.as_str());
        }
        for (word, table, column, id) in [
            ("NOT IN", "users_roles", "user_id", wanted.without_user),
            ("IN", "users_roles", "user_id", wanted.of_user),
            (
                "NOT IN",
                "applications_roles",
                "application_id",
                wanted.without_application,
            ),
            (
                "IN",
                "applications_roles",
                "application_id",
                wanted.of_application,
            ),
        ] {
            let Some(id) = id else { continue };
            statement
                .push(" AND id ")
                .push(word)
                .push(" (SELECT role_id FROM ");
            statement
                .push(table)
                .push(" WHERE tenant_id = ")
                .bind(tenant_id);
            statement
                .push(" AND ")
                .push(column)
                .push(" = ")
                .bind(id)
                .push(")");
        }
        wanted.search.push(&mut statement, db);
        statement
    };
    let mut rows = matching("id, name, description, type, is_default");
    rows.push(" ORDER BY name, id").page(page);
    let rows: Vec<Row> = rows.all(db).await?;
    Ok(Listed {
        rows: rows
            .into_iter()
            .map(Row::into_role)
            .collect::<Result<_, _>>()?,
        total: matching("COUNT(*)").number(db).await?,
    })
}

/// Who has a role: how many, and the first three.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// How many users.
    pub users: i64,
    /// Id, picture and name of the first three users.
    pub first_users: Vec<(String, Option<String>, Option<String>)>,
    /// How many applications.
    pub applications: i64,
    /// Id, name and type of the first three applications.
    pub first_applications: Vec<(String, String, String)>,
}

/// Who has this role.
pub async fn holders(db: &Db, tenant_id: &str, role_id: &str) -> Result<Holders, StoreError> {
    const USERS: &str = "SELECT COUNT(*) FROM users_roles WHERE tenant_id = $1 AND role_id = $2";
    const FIRST_USERS: &str = "SELECT u.id, u.avatar, u.name FROM users_roles ur \
        JOIN users u ON u.tenant_id = ur.tenant_id AND u.id = ur.user_id \
        WHERE ur.tenant_id = $1 AND ur.role_id = $2 ORDER BY ur.user_id LIMIT 3";
    const APPLICATIONS: &str =
        "SELECT COUNT(*) FROM applications_roles WHERE tenant_id = $1 AND role_id = $2";
    const FIRST_APPLICATIONS: &str = "SELECT a.id, a.name, a.type FROM applications_roles ar \
        JOIN applications a ON a.tenant_id = ar.tenant_id AND a.id = ar.application_id \
        WHERE ar.tenant_id = $1 AND ar.role_id = $2 ORDER BY ar.application_id LIMIT 3";
    Ok(Holders {
        users: on!(db, conn => sqlx::query_scalar(USERS)
            .bind(tenant_id).bind(role_id).fetch_one(conn).await)?,
        first_users: on!(db, conn => sqlx::query_as(FIRST_USERS)
            .bind(tenant_id).bind(role_id).fetch_all(conn).await)?,
        applications: on!(db, conn => sqlx::query_scalar(APPLICATIONS)
            .bind(tenant_id).bind(role_id).fetch_one(conn).await)?,
        first_applications: on!(db, conn => sqlx::query_as(FIRST_APPLICATIONS)
            .bind(tenant_id).bind(role_id).fetch_all(conn).await)?,
    })
}

/// The role with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Role>, StoreError> {
    const SQL: &str = "SELECT id, name, description, type, is_default FROM roles \
        WHERE tenant_id = $1 AND id = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).fetch_optional(conn).await)?;
    row.map(Row::into_role).transpose()
}

/// Writes name, description and whether new users get it; `false` when there is no such role.
pub async fn update(tx: &mut Tx, tenant_id: &str, role: &Role) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE roles SET name = $3, description = $4, is_default = $5 \
        WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&role.id).bind(&role.name).bind(&role.description).bind(role.is_default)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// A page of the scopes that a role allows, by name.
pub async fn search_scopes(
    db: &Db,
    tenant_id: &str,
    role_id: &str,
    search: &Search,
    page: Page,
) -> Result<Listed<Scope>, StoreError> {
    let matching = |columns: &str| {
        let mut statement = Statement::new("SELECT ");
        statement
            .push(columns)
            .push(" FROM scopes WHERE tenant_id = ");
        statement.bind(tenant_id);
        statement.push(" AND id IN (SELECT scope_id FROM roles_scopes WHERE tenant_id = ");
        statement
            .bind(tenant_id)
            .push(" AND role_id = ")
            .bind(role_id);
        statement.push(")");
        search.push(&mut statement, db);
        statement
    };
    let mut rows = matching(resource::SCOPE_COLUMNS);
    rows.push(" ORDER BY name, id").page(page);
    let rows: Vec<resource::ScopeRow> = rows.all(db).await?;
    Ok(Listed {
        rows: rows.into_iter().map(|row| resource::scope(row).1).collect(),
        total: matching("COUNT(*)").number(db).await?,
    })
}

/// The role with this name.
pub async fn find_by_name(
    source: impl Source,
    tenant_id: &str,
    name: &str,
) -> Result<Option<Role>, StoreError> {
    const SQL: &str = "SELECT id, name, description, type, is_default FROM roles \
        WHERE tenant_id = $1 AND name = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(name).fetch_optional(conn).await)?;
    row.map(Row::into_role).transpose()
}

/// Forgets a role; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM roles WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Lets the role allow a scope.
pub async fn add_scope(
    tx: &mut Tx,
    tenant_id: &str,
    role_id: &str,
    scope_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO roles_scopes (tenant_id, role_id, scope_id) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(role_id).bind(scope_id)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Gives a user the role. Users' roles are not in the snapshot.
pub async fn give_user(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    role_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO users_roles (tenant_id, user_id, role_id) VALUES ($1, $2, $3) \
        ON CONFLICT DO NOTHING";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(role_id)
        .execute(conn).await.map(drop))?;
    Ok(())
}

/// Takes the role from a user; `false` when the user did not have it.
pub async fn take_from_user(
    tx: &mut Tx,
    tenant_id: &str,
    user_id: &str,
    role_id: &str,
) -> Result<bool, StoreError> {
    const SQL: &str =
        "DELETE FROM users_roles WHERE tenant_id = $1 AND user_id = $2 AND role_id = $3";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(user_id).bind(role_id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Gives an application the role.
pub async fn give_application(
    tx: &mut Tx,
    tenant_id: &str,
    application_id: &str,
    role_id: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO applications_roles (tenant_id, application_id, role_id) \
        VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(application_id).bind(role_id)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The names of the roles that a user has: the `roles` claim.
pub async fn names_of_user(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT r.name FROM users_roles ur \
        JOIN roles r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id \
        WHERE ur.tenant_id = $1 AND ur.user_id = $2 ORDER BY r.name";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(user_id).fetch_all(conn).await)?)
}

/// The scopes of an API that a user's roles allow.
pub async fn scopes_of_user(
    source: impl Source,
    tenant_id: &str,
    user_id: &str,
    indicator: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT s.name FROM users_roles ur \
        JOIN roles_scopes rs ON rs.tenant_id = ur.tenant_id AND rs.role_id = ur.role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        WHERE ur.tenant_id = $1 AND ur.user_id = $2 AND r.indicator = $3 ORDER BY s.name";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(user_id).bind(indicator).fetch_all(conn).await)?)
}

/// The scopes of an API that an application's roles allow. The snapshot holds them as well.
pub async fn scopes_of_application(
    source: impl Source,
    tenant_id: &str,
    application_id: &str,
    indicator: &str,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT s.name FROM applications_roles ar \
        JOIN roles_scopes rs ON rs.tenant_id = ar.tenant_id AND rs.role_id = ar.role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        WHERE ar.tenant_id = $1 AND ar.application_id = $2 AND r.indicator = $3 ORDER BY s.name";
    Ok(on!(source, conn => sqlx::query_scalar(SQL)
        .bind(tenant_id).bind(application_id).bind(indicator).fetch_all(conn).await)?)
}

/// What an application's roles allow: tenant, application, indicator and scope, of every tenant.
pub(crate) async fn load_application_scopes(
    source: impl Source,
) -> Result<Vec<(String, String, String, String)>, StoreError> {
    const SQL: &str = "SELECT DISTINCT ar.tenant_id, ar.application_id, r.indicator, s.name FROM applications_roles ar \
        JOIN roles_scopes rs ON rs.tenant_id = ar.tenant_id AND rs.role_id = ar.role_id \
        JOIN scopes s ON s.tenant_id = rs.tenant_id AND s.id = rs.scope_id \
        JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id \
        ORDER BY ar.tenant_id, ar.application_id, r.indicator, s.name";
    Ok(on!(source, conn => sqlx::query_as(SQL).fetch_all(conn).await)?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    description: String,
    r#type: String,
    is_default: bool,
}

impl Row {
    fn into_role(self) -> Result<Role, StoreError> {
        Ok(Role {
            id: self.id,
            name: self.name,
            description: self.description,
            kind: json::named("roles.type", self.r#type)?,
            is_default: self.is_default,
        })
    }
}
