//! `resources` and `scopes`: the APIs that access tokens are made for (RFC 8707), and what they can allow.

use protocol::{jose::SigningAlgorithm, time::Time};

use crate::{
    db::{Source, Tx, on},
    error::StoreError,
    json, snapshot,
};

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
    let rows: Vec<(String, String, String, String, Option<String>, i64)> = on!(source, conn =>
        sqlx::query_as(SQL).bind(tenant_id).bind(resource_id).fetch_all(conn).await)?;
    let scope = |(tenant, id, resource_id, name, description, created_at)| {
        let scope = Scope {
            id,
            resource_id,
            name,
            description,
            created_at: Time(created_at),
        };
        (tenant, scope)
    };
    Ok(rows.into_iter().map(scope).collect())
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
