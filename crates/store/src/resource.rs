//! `resources` and `scopes`: the APIs that access tokens are made for (RFC 8707), and what they can allow.

use protocol::{jose::SigningAlgorithm, time::Time};

use crate::{
    db::{Db, Source, Tx, on},
    error::StoreError,
    json,
    search::{Field, Search},
    snapshot,
    statement::{Listed, Page, Statement},
};

/// What scopes are searched by.
pub const SCOPE_FIELDS: [Field; 3] = [
    Field::plain("id"),
    Field::plain("name"),
    Field::plain("description"),
];

/// An API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// What administrators see it called.
    pub name: String,
    /// The absolute URI that clients name in `resource` or `audience`.
    pub indicator: String,
    /// Whether it is assumed when a request names none.
    pub is_default: bool,
    /// Life of its access tokens in seconds.
    pub access_token_ttl: i64,
    /// The algorithm of its access tokens, when it is not the tenant's.
    pub signing_algorithm: Option<SigningAlgorithm>,
}

/// Something that an API can allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// 21 lower-case letters and digits.
    pub id: String,
    /// The API's id.
    pub resource_id: String,
    /// The value in `scope`.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Time,
}

/// Remembers an API. A default one takes the place of the default one before it.
pub async fn insert(tx: &mut Tx, tenant_id: &str, resource: &Resource) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO resources \
        (tenant_id, id, name, indicator, is_default, access_token_ttl, signing_algorithm) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    if resource.is_default {
        clear_default(tx, tenant_id).await?;
    }
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&resource.id).bind(&resource.name).bind(&resource.indicator)
        .bind(resource.is_default).bind(resource.access_token_ttl).bind(algorithm(resource)?)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// Writes everything of an API but its indicator; `false` when there is none.
pub async fn update(tx: &mut Tx, tenant_id: &str, resource: &Resource) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE resources SET name = $3, is_default = $4, access_token_ttl = $5, signing_algorithm = $6 \
        WHERE tenant_id = $1 AND id = $2";
    if resource.is_default {
        clear_default(tx, tenant_id).await?;
    }
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&resource.id).bind(&resource.name)
        .bind(resource.is_default).bind(resource.access_token_ttl).bind(algorithm(resource)?)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// The tenant's APIs by name.
pub async fn list(source: impl Source, tenant_id: &str) -> Result<Vec<Resource>, StoreError> {
    let rows = rows(source, Some(tenant_id)).await?;
    Ok(rows.into_iter().map(|(_, resource)| resource).collect())
}

/// A page of the tenant's APIs by name.
pub async fn page(db: &Db, tenant_id: &str, page: Page) -> Result<Listed<Resource>, StoreError> {
    let mut rows = Statement::new(
        "SELECT tenant_id, id, name, indicator, is_default, access_token_ttl, signing_algorithm \
        FROM resources WHERE tenant_id = ",
    );
    rows.bind(tenant_id).push(" ORDER BY name, id").page(page);
    let rows: Vec<Row> = rows.all(db).await?;
    let mut total = Statement::new("SELECT COUNT(*) FROM resources WHERE tenant_id = ");
    total.bind(tenant_id);
    let resources = rows
        .into_iter()
        .map(|row| Ok(row.into_pair()?.1))
        .collect::<Result<_, StoreError>>()?;
    Ok(Listed {
        rows: resources,
        total: total.number(db).await?,
    })
}

/// The API with this id.
pub async fn find(
    source: impl Source,
    tenant_id: &str,
    id: &str,
) -> Result<Option<Resource>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, name, indicator, is_default, access_token_ttl, signing_algorithm \
        FROM resources WHERE tenant_id = $1 AND id = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(id).fetch_optional(conn).await)?;
    row.map(|row| Ok(row.into_pair()?.1)).transpose()
}

/// The API with this indicator.
pub async fn find_by_indicator(
    source: impl Source,
    tenant_id: &str,
    indicator: &str,
) -> Result<Option<Resource>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, name, indicator, is_default, access_token_ttl, signing_algorithm \
        FROM resources WHERE tenant_id = $1 AND indicator = $2";
    let row: Option<Row> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(indicator).fetch_optional(conn).await)?;
    Ok(row
        .map(Row::into_pair)
        .transpose()?
        .map(|(_, resource)| resource))
}

/// Forgets an API and its scopes; `false` when there was none.
pub async fn delete(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM resources WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Remembers a scope.
pub async fn insert_scope(tx: &mut Tx, tenant_id: &str, scope: &Scope) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO scopes (tenant_id, id, resource_id, name, description, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&scope.id).bind(&scope.resource_id).bind(&scope.name)
        .bind(&scope.description).bind(scope.created_at.0)
        .execute(conn).await.map(drop))?;
    snapshot::bump(tx).await
}

/// The scopes of an API by name.
pub async fn scopes(
    source: impl Source,
    tenant_id: &str,
    resource_id: &str,
) -> Result<Vec<Scope>, StoreError> {
    let rows = scope_rows(source, Some(tenant_id), Some(resource_id)).await?;
    Ok(rows.into_iter().map(|(_, scope)| scope).collect())
}

/// A page of an API's scopes that are searched for, by name.
pub async fn search_scopes(
    db: &Db,
    tenant_id: &str,
    resource_id: &str,
    search: &Search,
    page: Page,
) -> Result<Listed<Scope>, StoreError> {
    let matching = |columns: &str| {
        let mut statement = Statement::new("SELECT ");
        statement
            .push(columns)
            .push(" FROM scopes WHERE tenant_id = ");
        statement.bind(tenant_id).push(" AND resource_id = ");
        statement.bind(resource_id);
        search.push(&mut statement, db);
        statement
    };
    let mut rows = matching(SCOPE_COLUMNS);
    rows.push(" ORDER BY name, id").page(page);
    let rows: Vec<ScopeRow> = rows.all(db).await?;
    Ok(Listed {
        rows: rows.into_iter().map(|row| scope(row).1).collect(),
        total: matching("COUNT(*)").number(db).await?,
    })
}

/// A scope of an API.
pub async fn find_scope(
    source: impl Source,
    tenant_id: &str,
    resource_id: &str,
    id: &str,
) -> Result<Option<Scope>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, resource_id, name, description, created_at FROM scopes \
        WHERE tenant_id = $1 AND resource_id = $2 AND id = $3";
    let row: Option<ScopeRow> = on!(source, conn => sqlx::query_as(SQL)
        .bind(tenant_id).bind(resource_id).bind(id).fetch_optional(conn).await)?;
    Ok(row.map(|row| scope(row).1))
}

/// Those of these scopes that exist, each with its API.
pub async fn find_scopes(
    source: impl Source,
    tenant_id: &str,
    ids: &[String],
) -> Result<Vec<(Scope, Resource)>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Joined {
        #[sqlx(flatten)]
        resource: Row,
        scope_id: String,
        scope_name: String,
        scope_description: Option<String>,
        scope_created_at: i64,
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT r.tenant_id, r.id, r.name, r.indicator, r.is_default, r.access_token_ttl, r.signing_algorithm, \
         s.id AS scope_id, s.name AS scope_name, s.description AS scope_description, s.created_at AS scope_created_at \
         FROM scopes s JOIN resources r ON r.tenant_id = s.tenant_id AND r.id = s.resource_id WHERE s.tenant_id = ",
    );
    statement.bind(tenant_id).push(" AND s.id IN (");
    statement.bind_all(ids.iter().map(String::as_str));
    statement.push(") ORDER BY s.name, s.id");
    let rows: Vec<Joined> = statement.all(source).await?;
    let pair = |row: Joined| {
        let scope = Scope {
            id: row.scope_id,
            resource_id: row.resource.id.clone(),
            name: row.scope_name,
            description: row.scope_description,
            created_at: Time(row.scope_created_at),
        };
        Ok((scope, row.resource.into_pair()?.1))
    };
    rows.into_iter().map(pair).collect()
}

/// Writes the name and description of a scope; `false` when there is none.
pub async fn update_scope(tx: &mut Tx, tenant_id: &str, scope: &Scope) -> Result<bool, StoreError> {
    const SQL: &str =
        "UPDATE scopes SET name = $3, description = $4 WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL)
        .bind(tenant_id).bind(&scope.id).bind(&scope.name).bind(&scope.description)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

/// Forgets a scope; `false` when there was none.
pub async fn delete_scope(tx: &mut Tx, tenant_id: &str, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM scopes WHERE tenant_id = $1 AND id = $2";
    let rows = on!(tx, conn => sqlx::query(SQL).bind(tenant_id).bind(id)
        .execute(conn).await.map(|done| done.rows_affected()))?;
    snapshot::bump(tx).await?;
    Ok(rows > 0)
}

async fn clear_default(tx: &mut Tx, tenant_id: &str) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE resources SET is_default = FALSE WHERE tenant_id = $1 AND is_default";
    on!(tx, conn => sqlx::query(SQL).bind(tenant_id).execute(conn).await.map(drop))?;
    Ok(())
}

fn algorithm(resource: &Resource) -> Result<Option<String>, StoreError> {
    resource
        .signing_algorithm
        .map(|algorithm| json::name("resources.signing_algorithm", &algorithm))
        .transpose()
}

/// Tenant and API, of one tenant or of all.
pub(crate) async fn rows(
    source: impl Source,
    tenant_id: Option<&str>,
) -> Result<Vec<(String, Resource)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, name, indicator, is_default, access_token_ttl, signing_algorithm \
        FROM resources WHERE CAST($1 AS TEXT) IS NULL OR tenant_id = $1 ORDER BY tenant_id, name, id";
    let rows: Vec<Row> =
        on!(source, conn => sqlx::query_as(SQL).bind(tenant_id).fetch_all(conn).await)?;
    rows.into_iter().map(Row::into_pair).collect()
}

/// Tenant and scope, of one API, one tenant or all.
pub(crate) async fn scope_rows(
    source: impl Source,
    tenant_id: Option<&str>,
    resource_id: Option<&str>,
) -> Result<Vec<(String, Scope)>, StoreError> {
    const SQL: &str = "SELECT tenant_id, id, resource_id, name, description, created_at FROM scopes \
        WHERE (CAST($1 AS TEXT) IS NULL OR tenant_id = $1) AND (CAST($2 AS TEXT) IS NULL OR resource_id = $2) \
        ORDER BY tenant_id, name, id";
    let rows: Vec<ScopeRow> = on!(source, conn =>
        sqlx::query_as(SQL).bind(tenant_id).bind(resource_id).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(scope).collect())
}

/// What a [`ScopeRow`] is made of.
pub(crate) const SCOPE_COLUMNS: &str = "tenant_id, id, resource_id, name, description, created_at";

pub(crate) type ScopeRow = (String, String, String, String, Option<String>, i64);

pub(crate) fn scope(
    (tenant, id, resource_id, name, description, created_at): ScopeRow,
) -> (String, Scope) {
    let scope = Scope {
        id,
        resource_id,
        name,
        description,
        created_at: Time(created_at),
    };
    (tenant, scope)
}

#[derive(sqlx::FromRow)]
struct Row {
    tenant_id: String,
    id: String,
    name: String,
    indicator: String,
    is_default: bool,
    access_token_ttl: i64,
    signing_algorithm: Option<String>,
}

impl Row {
    fn into_pair(self) -> Result<(String, Resource), StoreError> {
        let resource = Resource {
            id: self.id,
            name: self.name,
            indicator: self.indicator,
            is_default: self.is_default,
            access_token_ttl: self.access_token_ttl,
            signing_algorithm: self
                .signing_algorithm
                .map(|name| json::named("resources.signing_algorithm", name))
                .transpose()?,
        };
        Ok((self.tenant_id, resource))
    }
}
